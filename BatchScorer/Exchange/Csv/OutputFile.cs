using BatchScorer.Errors;

namespace BatchScorer.Exchange.Csv;

/// <summary>
/// A file that is there as a whole or not at all: it is written beside its place, and put there by <see cref="CommitAsync"/>.
/// Standard output and devices are written as they are.
/// </summary>
internal sealed class OutputFile : IAsyncDisposable
{
    /// <summary>The path that stands for standard output.</summary>
    public const string Standard = "-";

    private readonly string? beside;
    private readonly string place;

    private OutputFile(string place, string? beside, Stream stream)
    {
        this.place = place;
        this.beside = beside;
        Stream = stream;
    }

    public Stream Stream { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="path">Where it will be, or <see cref="Standard"/>.</param>
    /// <param name="standard">Gives the standard output.</param>
    /// <exception cref="BatchScorerException">No file can be there.</exception>
    public static OutputFile Create(string path, Func<Stream> standard)
    {
        if (path == Standard)
            return new OutputFile(path, null, standard());
        if (Directory.Exists(path))
            throw Unwritable(path, "it is a folder");
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw Unwritable(path, $"there is no folder {Path.GetDirectoryName(path)}");
        try
        {
            if (path.StartsWith("/dev/", StringComparison.Ordinal))
                return new OutputFile(path, null, new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));

            // A link stays one: what it points to is replaced.
            var place = File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : path;
            var beside = Path.Combine(Path.GetDirectoryName(place)!, $".{Path.GetFileName(place)}.{Path.GetRandomFileName()}");
            return new OutputFile(place, beside, new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1, FileOptions.Asynchronous));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, fault.Message, fault);
        }
    }

    /// <summary>Does work that writes to such files, and says so where one of them takes no more.</summary>
    /// <exception cref="BatchScorerException">The disk is full, a pipe is closed, or the like.</exception>
    public static async Task<T> TellingAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (IOException fault)
        {
            throw new BatchScorerException(ExitCode.Failed, $"The output cannot be written: {fault.Message.TrimEnd('.')}.", fault);
        }
    }

    /// <summary>Puts the file in its place; one that is there is replaced.</summary>
    public async Task CommitAsync()
    {
        await Stream.FlushAsync(CancellationToken.None);
        if (beside is null)
            return;
        ((FileStream)Stream).Flush(flushToDisk: true);
        await Stream.DisposeAsync();
        File.Move(beside, place, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        if (beside is not null)
            File.Delete(beside);
    }

    private static BatchScorerException Unwritable(string path, string why, Exception? cause = null) =>
        new(ExitCode.BadConfiguration, $"{path}: cannot be written: {why.TrimEnd('.')}; expected the path of a file, in a folder where you may make one.", cause);
}
