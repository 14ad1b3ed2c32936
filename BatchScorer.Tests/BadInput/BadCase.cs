namespace BatchScorer.Tests.BadInput;

/// <summary>
/// A case of the corpus: <c>=== title</c>, lines that say what is put in, <c>---</c>, and exactly what must come of it.
/// </summary>
internal sealed record BadCase(string Title, string Input, string Expected)
{
    private const string CaseMark = "=== ", ExpectedMark = "\n---\n";

    /// <summary>The lines of <see cref="Input"/>, without empty ones.</summary>
    public string[] Lines => Input.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>All cases of a file in this folder, in its order.</summary>
    public static IReadOnlyList<BadCase> Read(string file) =>
        [.. $"\n{File.ReadAllText(Repository.PathTo($"BatchScorer.Tests/BadInput/{file}"))}".Split($"\n{CaseMark}", StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    public override string ToString() => Title;

    private static BadCase Parse(string text)
    {
        var titleEnd = text.IndexOf('\n', StringComparison.Ordinal);
        var inputEnd = text.LastIndexOf(ExpectedMark, StringComparison.Ordinal);
        return new BadCase(text[..titleEnd], text[(titleEnd + 1)..inputEnd], text[(inputEnd + ExpectedMark.Length)..].Trim());
    }
}
