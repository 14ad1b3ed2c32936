using System.Text.RegularExpressions;
using BatchScorer.Tests.Exchange;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Documentation;

/// <summary>What the documentation tells its readers to type does what it says.</summary>
internal sealed partial class DocumentationTests(ServerKind kind) : TypedCommands(kind)
{
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
    public async Task The_commands_of_the_page_on_model_versions_work_in_their_order()
    {
        using var folder = new TemporaryFolder();
        foreach (var part in new[] { "appsettings.json", "jobs", "sql" })
            File.CreateSymbolicLink(folder[part], Repository.PathTo(part));
        folder.Write("golden.csv", [.. File.ReadLines(Repository.PathTo("jobs/samples/customers.csv")).Take(20)]);

        await RunAsync(DemoThatStays, expected: 0);
        await TypeAsync("docs/model-versions.md", folder.Path);

        Assert.That(await Database.ScalarAsync<string>("SELECT version FROM scoring.model_champions"), Is.EqualTo("2026-02-01"));
    }

    [Test]
    public async Task The_commands_and_queries_of_the_page_on_challengers_work_in_their_order()
    {
        using var folder = new TemporaryFolder();
        foreach (var part in new[] { "appsettings.json", "sql" })
            File.CreateSymbolicLink(folder[part], Repository.PathTo(part));
        Directory.CreateDirectory(folder["jobs"]);
        File.CreateSymbolicLink(folder["jobs/samples"], Repository.PathTo("jobs/samples"));
        folder.Write("jobs/churn.json", (await File.ReadAllTextAsync(Repository.PathTo("jobs/churn.json"))).Replace("\"model\":", "\"challenger\": \"churn@2026-11-20\", \"model\":", StringComparison.Ordinal));
        File.Copy(Path.Combine(Path.GetDirectoryName(TestJob.GoldenModel("churn"))!, "model-v2.zip"), folder["next.zip"]);

        await RunAsync(DemoThatStays, expected: 0);
        await Database.ExecuteAsync("UPDATE demo.customers SET updated_at = now()");
        await RunAsync("models register next.zip --name churn --version 2026-11-20", expected: 0, folder.Path);
        await TypeAsync("docs/challengers.md", folder.Path);

        Assert.That(await Database.ScalarAsync<string>("SELECT challenger_version FROM scoring.runs WHERE run_id = 2"), Is.EqualTo("2026-11-20"));
    }

    [Test]
    public async Task The_commands_and_queries_of_the_page_on_drift_work()
    {
        await RunAsync(DemoThatStays, expected: 0);
        await TypeAsync("docs/drift.md");
    }

    [Test]
    public async Task The_commands_of_the_page_on_quality_work()
    {
        await RunAsync(DemoThatStays, expected: 0);
        await TypeAsync("docs/quality.md");
    }

    [Test]
    public async Task The_commands_of_the_page_on_alarms_work()
    {
        await RunAsync(DemoThatStays, expected: 0);
        await TypeAsync("docs/alarms.md");
    }

    [Test]
    public async Task The_commands_and_queries_of_the_page_on_retraining_work()
    {
        using var folder = new TemporaryFolder();
        foreach (var part in new[] { "appsettings.json", "jobs", "sql" })
            File.CreateSymbolicLink(folder[part], Repository.PathTo(part));

        await RunAsync(DemoThatStays, expected: 0);
        await TypeAsync("docs/retraining.md", folder.Path);
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
        await PrepareForQueryingAsync();
        var queries = DocumentedCommands.QueriesOf(QueryingPage);

        Assert.That(queries, Has.Count.GreaterThan(10));
        foreach (var query in queries)
            Assert.That(await Database.QueryAsync<object>($"SET ROLE batchscorer_analyst; {query}"), Is.Not.Empty, query);
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
        var pages = Directory.EnumerateFiles(Repository.PathTo("docs"), "*.md", SearchOption.AllDirectories).Append(Repository.PathTo("README.md"));
        var broken = from page in pages
                     from Match link in Link().Matches(File.ReadAllText(page))
                     let target = Path.Combine(Path.GetDirectoryName(page)!, link.Groups["target"].Value)
                     where !Path.Exists(target)
                     select $"{Path.GetFileName(page)}: {link.Groups["target"].Value}";

        Assert.That(broken, Is.Empty);
    }

    [GeneratedRegex(@"\]\((?!https?:|#)(?<target>[^)#]+)")]
    private static partial Regex Link();
}
