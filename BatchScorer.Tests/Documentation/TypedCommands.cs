using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using BatchScorer.Cli;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Documentation;

/// <summary>Tests that type what the documentation tells its readers to type.</summary>
internal abstract partial class TypedCommands(ServerKind kind) : DatabaseTests(kind)
{
    protected const string QueryingPage = "docs/querying.md";

    // A demo clears away what it made; the commands that follow it need a table like the reader's own.
    protected const string DemoThatStays = "demo --keep --rows 200";

    private const string DemoOfTheReadme = "dotnet run --project BatchScorer -- demo";

    /// <summary>Ways to call the program that the pages use.</summary>
    private static readonly string[] Program = ["batchscorer ", "dotnet run --project BatchScorer -- "];

    /// <summary>What else readers type: tools of their own, and this suite itself.</summary>
    private static readonly Regex Elsewhere = OtherTools();

    /// <summary>Types the commands of a page, in their order.</summary>
    /// <param name="page">The page.</param>
    /// <param name="folder">Where its reader is; null for the repository's root.</param>
    protected async Task TypeAsync(string page, string? folder = null)
    {
        var commands = DocumentedCommands.Of(page);
        Assert.That(commands, Is.Not.Empty);
        foreach (var command in commands)
        {
            if (command.Language == "sql")
                await Database.ExecuteAsync(command.Text);
            else if (command.Text == DemoOfTheReadme)
                await RunAsync(DemoThatStays, expected: 0);
            else if (Program.FirstOrDefault(way => command.Text.StartsWith(way, StringComparison.Ordinal)) is { } way)
                await RunAsync(command.Text[way.Length..], command.ExitCode, folder);
            else
                Assert.That(Elsewhere.IsMatch(command.Text), Is.True, $"{page} has a command that is not known here: {command.Text}");
        }
    }

    /// <summary>Makes what the queries of the page on querying are for: the demo, a week ago, and the changes that the page names.</summary>
    protected async Task PrepareForQueryingAsync()
    {
        await RunAsync(DemoThatStays, expected: 0);
        await RunAsync("db migrate", expected: 0);
        await Database.ExecuteAsync(
            """
            UPDATE scoring.run_publications SET shown_from = shown_from - interval '8 days';
            GRANT USAGE ON SCHEMA demo TO batchscorer_analyst;
            GRANT SELECT ON demo.customers TO batchscorer_analyst;
            """);
        foreach (var command in DocumentedCommands.Of(QueryingPage).Where(command => !command.IsQuery))
        {
            if (command.Language == "sh")
                await RunAsync(command.Text["batchscorer ".Length..], command.ExitCode);
            else
                await Database.ExecuteAsync(command.Text);
        }
    }

    protected async Task RunAsync(string arguments, int expected, string? folder = null)
    {
        var (results, progress) = (new StringWriter(), new StringWriter());
        var environment = new ProgramEnvironment(folder ?? Repository.Root, AppContext.BaseDirectory, new Dictionary<string, string>
        {
            [ProgramEnvironment.VariableOf(ConnectionSetting.Path)] = Database.ConnectionString,
            [ProgramEnvironment.VariableOf("BatchScorer:ModelCache")] = Path.Combine(folder ?? Repository.Root, "cache"),
        });
        using var stop = new StopRequest();

        var answer = await CommandLine.InvokeAsync([.. CommandLineParser.SplitCommandLine(arguments)], Terminal.To(results, progress), environment, stop);

        Assert.That(answer, Is.EqualTo(expected), $"batchscorer {arguments}\n{results}\n{progress}");
    }

    [GeneratedRegex(@"^(dotnet (test|publish|build)|export |docker |git |psql |pip |jupyter )")]
    private static partial Regex OtherTools();
}
