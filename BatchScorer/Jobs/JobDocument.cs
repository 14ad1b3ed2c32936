using BatchScorer.Jobs.Json;

namespace BatchScorer.Jobs;

/// <summary>A job file once more, to find the lines of faults that show only when it has been read.</summary>
internal sealed class JobDocument
{
    private readonly JsonTree? document;

    public JobDocument(string file)
    {
        var unread = new FaultList(file);
        document = FileText.Read(file, "a JSON object", unread) is { } text ? JsonTreeReader.Read(text, unread) : null;
    }

    /// <summary>The line of a property, or of where it would stand; 0 when the file has gone or changed for the worse since it was read.</summary>
    public int LineOf(string path) => document?.Nearest(path).Line ?? 0;
}
