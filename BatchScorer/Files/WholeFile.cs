namespace BatchScorer.Files;

/// <summary>A file that is there as a whole or not at all: it is written beside its place, and put there by <see cref="CommitAsync"/>.</summary>
internal sealed class WholeFile : IAsyncDisposable
{
    private readonly string place;
    private readonly string beside;

    private WholeFile(string place)
    {
        this.place = place;
        beside = Path.Combine(Path.GetDirectoryName(place) ?? place, $".{Path.GetFileName(place)}.{Path.GetRandomFileName()}");
        Stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1, FileOptions.Asynchronous);
    }

    public FileStream Stream { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="path">Where it will be. A link stays one: what it points to is replaced.</param>
    /// <exception cref="IOException">No file can be there.</exception>
    /// <exception cref="UnauthorizedAccessException">No file may be there.</exception>
    public static WholeFile Create(string path) =>
        new(File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : path);

    /// <summary>Writes a file at once, and the folders that it is in.</summary>
    /// <param name="path">Where.</param>
    /// <param name="bytes">All of it.</param>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = Create(path);
        await file.Stream.WriteAsync(bytes, cancellationToken);
        await file.CommitAsync();
    }

    /// <summary>Puts the file in its place; one that is there is replaced.</summary>
    public async Task CommitAsync()
    {
        await Stream.FlushAsync(CancellationToken.None);
        Stream.Flush(flushToDisk: true);
        await Stream.DisposeAsync();
        File.Move(beside, place, overwrite: true);
    }

    /// <summary>Gives up what was not put in its place.</summary>
    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        File.Delete(beside);
    }
}
