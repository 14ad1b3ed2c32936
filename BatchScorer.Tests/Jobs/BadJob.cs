namespace BatchScorer.Tests.Jobs;

/// <summary>A case of <c>bad-jobs.txt</c>: what a file called <c>churn.json</c> holds, and the faults it must give.</summary>
internal sealed record BadJob(string Title, string Json, string Faults)
{
    private const string CaseMark = "=== ", FaultMark = "\n---\n";

    /// <summary>All cases, in the order of the file.</summary>
    public static IReadOnlyList<BadJob> All { get; } =
        [.. File.ReadAllText(Repository.PathTo("BatchScorer.Tests/Jobs/bad-jobs.txt")).Split(CaseMark, StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    public override string ToString() => Title;

    private static BadJob Parse(string text)
    {
        var titleEnd = text.IndexOf('\n', StringComparison.Ordinal);
        var jsonEnd = text.LastIndexOf(FaultMark, StringComparison.Ordinal);
        return new BadJob(text[..titleEnd], text[(titleEnd + 1)..jsonEnd], text[(jsonEnd + FaultMark.Length)..].Trim());
    }
}
