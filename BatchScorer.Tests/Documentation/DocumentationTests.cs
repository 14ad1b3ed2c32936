using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using BatchScorer.Cli;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Tests.Exchange;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Documentation;

/// <summary>What the documentation tells its readers to type does what it says.</summary>
internal sealed partial class DocumentationTests(ServerKind kind) : DatabaseTests(kind)
{
    private const string DemoOfTheReadme = "dotnet run --project BatchScorer -- demo";

    // A demo clears away what it made; the commands that follow it need a table like the reader's own.
    private const string DemoThatStays = "demo --keep --rows 200";

    /// <summary>Ways to call the program that the pages use.</summary>
    private static readonly string[] Program = ["batchscorer ", "dotnet run --project BatchScorer -- "];

    /// <summary>What else readers type: tools of their own, and this suite itself.</summary>
    private static readonly Regex Elsewhere = OtherTools();

    [Test]
    public Task The_readmes_commands_work_in_their_order() => TypeAsync("README.md");

    [Test]
    public Task The_quickstarts_commands_and_queries_work_in_their_order() => TypeAsync("docs/quickstart.md");

    [Test]
    public async Task The_commands_of_the_page_on_jobs_work()
    {
        await RunAsync(DemoThatStays, expected: 0);
        await TypeAsync("docs/jobs.md");
    }

    [Test]
    public async Task The_commands_of_the_page_on_backfills_work_in_their_order()
    {
        await RunAsync(DemoThatStays, expected: 0);
        await TypeAsync("docs/backfills.md");
    }

    [Test]
    public async Task The_commands_of_the_page_on_reports_work_in_their_order()
    {
        await RunAsync(DemoThatStays, expected: 0);
        try
        {
            await TypeAsync("docs/reports.md");
        }
        finally
        {
            File.Delete(Repository.PathTo("run-1.html"));
        }
    }

    [Test]
    public async Task The_commands_of_the_page_on_retention_work()
    {
        await RunAsync(DemoThatStays, expected: 0);
        await TypeAsync("docs/retention.md");
    }

    [Test]
    public Task The_commands_of_the_page_on_models_work() => TypeAsync("docs/models.md");

    [Test]
    public async Task The_statements_of_the_page_on_security_work_in_their_order()
    {
        await RunAsync(DemoThatStays, expected: 0);
        await RunAsync("db migrate", expected: 0);
        try
        {
            await TypeAsync("docs/security.md");
        }
        finally
        {
            await Database.ExecuteAsync("DROP ROLE IF EXISTS scoring_deployer, scoring_nightly, ann");
        }
    }

    [Test]
    public async Task The_queries_of_the_page_on_querying_answer_and_analysts_may_ask_them()
    {
        await RunAsync(DemoThatStays, expected: 0);
        await RunAsync("db migrate", expected: 0);
        await Database.ExecuteAsync(
            """
            UPDATE scoring.run_publications SET shown_from = shown_from - interval '8 days';
            GRANT USAGE ON SCHEMA demo TO batchscorer_analyst;
            GRANT SELECT ON demo.customers TO batchscorer_analyst;
            """);
        var queries = 0;

        foreach (var command in DocumentedCommands.Of("docs/querying.md"))
        {
            if (command.Language == "sh")
                await RunAsync(command.Text["batchscorer ".Length..], command.ExitCode);
            else if (!command.Text.StartsWith("SELECT", StringComparison.Ordinal))
                await Database.ExecuteAsync(command.Text);
            else
            {
                queries++;
                Assert.That(await Database.QueryAsync<object>($"SET ROLE batchscorer_analyst; {command.Text}"), Is.Not.Empty, command.Text);
            }
        }

        Assert.That(queries, Is.GreaterThan(10));
    }

    [Test]
    public async Task The_commands_of_the_page_on_files_work_in_their_order()
    {
        // They write files where their reader is.
        using var folder = new TemporaryFolder();
        foreach (var part in new[] { "appsettings.json", "jobs", "sql" })
            File.CreateSymbolicLink(folder[part], Repository.PathTo(part));

        await RunAsync(DemoThatStays, expected: 0);
        await TypeAsync("docs/files.md", folder.Path);
    }

    [Test]
    public void Every_link_between_pages_leads_somewhere()
    {
        var pages = Directory.EnumerateFiles(Repository.PathTo("docs"), "*.md").Append(Repository.PathTo("README.md"));
        var broken = from page in pages
                     from Match link in Link().Matches(File.ReadAllText(page))
                     let target = Path.Combine(Path.GetDirectoryName(page)!, link.Groups["target"].Value)
                     where !Path.Exists(target)
                     select $"{Path.GetFileName(page)}: {link.Groups["target"].Value}";

        Assert.That(broken, Is.Empty);
    }

    private async Task TypeAsync(string page, string? folder = null)
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

    private async Task RunAsync(string arguments, int expected, string? folder = null)
    {
        var (results, progress) = (new StringWriter(), new StringWriter());
        var environment = new ProgramEnvironment(folder ?? Repository.Root, AppContext.BaseDirectory, new Dictionary<string, string>
        {
            [ProgramEnvironment.VariableOf(ConnectionSetting.Path)] = Database.ConnectionString,
        });
        using var stop = new StopRequest();

        var answer = await CommandLine.InvokeAsync([.. CommandLineParser.SplitCommandLine(arguments)], Terminal.To(results, progress), environment, stop);

        Assert.That(answer, Is.EqualTo(expected), $"batchscorer {arguments}\n{results}\n{progress}");
    }

    [GeneratedRegex(@"^(dotnet (test|publish|build)|export |docker |git |psql )")]
    private static partial Regex OtherTools();

    [GeneratedRegex(@"\]\((?!https?:|#)(?<target>[^)#]+)")]
    private static partial Regex Link();
}
