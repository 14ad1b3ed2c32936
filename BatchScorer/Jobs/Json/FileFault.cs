namespace BatchScorer.Jobs.Json;

/// <summary>Something wrong in a file, with its place.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">The line, from 1; 0 when the whole file is meant.</param>
/// <param name="Path">The property, such as <c>source.key[0]</c>; empty when the document is meant.</param>
/// <param name="Message">What is wrong, what was expected and what to do.</param>
internal sealed record FileFault(string File, int Line, string Path, string Message)
{
    /// <summary>The line a user sees: <c>churn.json:7: source.key[0]: expected …</c></summary>
    public override string ToString() =>
        $"{File}{(Line > 0 ? $":{Line}" : "")}: {(Path.Length > 0 ? $"{Path}: " : "")}{Message}";
}
