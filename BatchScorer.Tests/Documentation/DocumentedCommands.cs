using System.Text.RegularExpressions;

namespace BatchScorer.Tests.Documentation;

/// <summary>Something that a page tells its reader to type.</summary>
/// <param name="Language"><c>sh</c> or <c>sql</c>.</param>
/// <param name="Text">A command line, or a whole block of SQL.</param>
/// <param name="ExitCode">What a command answers; a comment <c>&lt;!-- exits 2 --&gt;</c> above the block says so where it is not 0.</param>
internal sealed record DocumentedCommand(string Language, string Text, int ExitCode)
{
    public bool IsQuery => Language == "sql" && Text.StartsWith("SELECT", StringComparison.Ordinal);
}

/// <summary>Finds what the pages of the documentation tell their readers to type.</summary>
internal static partial class DocumentedCommands
{
    /// <summary>The commands of a page, in their order.</summary>
    public static IReadOnlyList<DocumentedCommand> Of(string page)
    {
        var commands = new List<DocumentedCommand>();
        foreach (Match block in Block().Matches(File.ReadAllText(Repository.PathTo(page))))
        {
            var exitCode = block.Groups["exit"].Success ? int.Parse(block.Groups["exit"].Value) : 0;
            var text = block.Groups["text"].Value;
            commands.AddRange(block.Groups["language"].Value is "sql"
                ? [new DocumentedCommand("sql", text, 0)]
                : text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => new DocumentedCommand("sh", line, exitCode)));
        }

        return commands;
    }

    /// <summary>The queries of a page, in their order.</summary>
    public static IReadOnlyList<string> QueriesOf(string page) => [.. Of(page).Where(command => command.IsQuery).Select(command => command.Text.Trim())];

    [GeneratedRegex(@"(?:^<!-- exits (?<exit>\d+) -->\n)?^```(?<language>sh|sql)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
