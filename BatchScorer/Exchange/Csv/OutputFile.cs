using BatchScorer.Errors;
using BatchScorer.Files;

namespace BatchScorer.Exchange.Csv;

/// <summary>
/// What a command writes: a file that is there as a whole or not at all, put in its place by <see cref="CommitAsync"/>. Standard output
/// and devices are written as they are.
/// </summary>
internal sealed class OutputFile : IAsyncDisposable
{
    /// <summary>The path that stands for standard output.</summary>
    public const string Standard = "-";

    private readonly WholeFile? file;

    private OutputFile(WholeFile file)
        : this(file.Stream) => this.file = file;

    private OutputFile(Stream stream) => Stream = stream;

    public Stream Stream { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="path">Where it will be, or <see cref="Standard"/>.</param>
    /// <param name="standard">Gives the standard output.</param>
    /// <exception cref="BatchScorerException">No file can be there.</exception>
    public static OutputFile Create(string path, Func<Stream> standard)
    {
        if (path == Standard)
            return new OutputFile(standard());
        if (Directory.Exists(path))
            throw Unwritable(path, "it is a folder");
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw Unwritable(path, $"there is no folder {Path.GetDirectoryName(path)}");
        try
        {
            return path.StartsWith("/dev/", StringComparison.Ordinal)
                ? new OutputFile(new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                : new OutputFile(WholeFile.Create(path));
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
    public Task CommitAsync() => file?.CommitAsync() ?? Stream.FlushAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => file?.DisposeAsync() ?? Stream.DisposeAsync();

    private static BatchScorerException Unwritable(string path, string why, Exception? cause = null) =>
        new(ExitCode.BadConfiguration, $"{path}: cannot be written: {why.TrimEnd('.')}; expected the path of a file, in a folder where you may make one.", cause);
}
