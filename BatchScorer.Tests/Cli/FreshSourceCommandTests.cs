using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Cli;

/// <summary>Commands on a job that waits until its source is fresh.</summary>
internal sealed class FreshSourceCommandTests(ServerKind kind) : CommandTests(kind)
{
    private DirectoryInfo folder = null!;

    [SetUp]
    public async Task MakeFolderAsync()
    {
        folder = Directory.CreateTempSubdirectory("batchscorer-jobs-");
        File.Copy(TestJob.GoldenModel("churn"), Path.Combine(folder.FullName, "churn.zip"));
        await MakeCustomersAsync(rows: 10);
        await Database.ExecuteAsync("CREATE TABLE loads AS SELECT false AS is_complete");
    }

    [TearDown]
    public void RemoveFolder() => folder.Delete(recursive: true);

    [Test]
    public async Task A_run_waits_until_the_source_is_fresh_and_says_so_once()
    {
        Write("SELECT is_complete FROM loads", limit: "00:01:00");

        var running = RunInFolderAsync("run", "churn");
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        Assert.That(await RunsAsync(), Is.Zero);
        await Database.ExecuteAsync("UPDATE loads SET is_complete = true");

        var run = await running;
        Assert.That((run.ExitCode, await RunsAsync()), Is.EqualTo((ExitCode.Done, 1)), run.Progress);
        Assert.That(run.Progress, Is.EqualTo("The source of job churn is not fresh yet: loaded.sql is asked every 00:00:01, for 00:01:00 at most.\n"));
    }

    [TestCase("SELECT is_complete FROM loads")]
    [TestCase("SELECT is_complete FROM loads WHERE false", TestName = "no row is not fresh")]
    [TestCase("SELECT NULL::boolean", TestName = "neither is a null")]
    [TestCase("VALUES (true), (false)", TestName = "nor one row of two")]
    public async Task When_the_limit_has_passed_nothing_is_planned_and_the_answer_is_1(string query)
    {
        Write(query, limit: "00:00:01");

        var run = await RunInFolderAsync("run", "churn");

        Assert.That((run.ExitCode, await RunsAsync()), Is.EqualTo((ExitCode.Failed, 0)));
        Assert.That(run.Progress, Does.EndWith(
            "The source of job churn is not fresh: loaded.sql has not come true within 00:00:01. See what keeps it, or raise source.fresh.limit; nothing is lost, the next run takes these rows, too.\n"));
    }

    [TestCase("SELECT 1 AS is_complete, 'x' AS name", "query loaded.sql gives is_complete integer, name text, expected one column of type boolean. Correct the file in sql/sources/.")]
    [TestCase("SELECT is_complet FROM loads", "The database refuses query loaded.sql: column \"is_complet\" does not exist. Correct the file in sql/sources/.")]
    [TestCase("SELECT true; DROP TABLE loads", "The database refuses query loaded.sql: syntax error at or near \";\". Correct the file in sql/sources/.")]
    public async Task A_query_that_will_not_do_is_a_fault_of_the_job_to_validate_and_to_run(string query, string fault)
    {
        Write(query, limit: "00:00:01");

        var (validated, run) = (await RunInFolderAsync("jobs", "validate", "churn"), await RunInFolderAsync("run", "churn"));

        Assert.That((validated.ExitCode, run.ExitCode), Is.EqualTo((ExitCode.BadConfiguration, ExitCode.BadConfiguration)));
        Assert.That(validated.Results, Does.StartWith($"churn.json:4: source.fresh.query: {fault}\n"));
        Assert.That(run.Progress, Is.EqualTo($"churn.json:4: source.fresh.query: {fault}\n"));
    }

    [TestCase("SELECT 1 / (SELECT count(*) FROM loads WHERE is_complete) > 0", "division by zero")]
    [TestCase("SELECT setval('scoring.runs_run_id_seq', 100) > 0", "cannot execute setval() in a read-only transaction")]
    public async Task A_query_that_fails_is_told_with_its_cause(string query, string cause)
    {
        Write(query, limit: "00:00:01");

        var run = await RunInFolderAsync("run", "churn");

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(run.Progress, Is.EqualTo($"churn.json:4: source.fresh.query: query loaded.sql fails: {cause}. Correct the file in sql/sources/, or what it reads.\n"));
    }

    [Test]
    public async Task What_is_planned_already_and_what_somebody_asks_for_do_not_wait()
    {
        Write("SELECT is_complete FROM loads", limit: "00:00:01");
        var backfill = await RunInFolderAsync("run", "churn", "--backfill", "--from", "2020-01-01", "--to", "2026-06-01");
        Assert.That((backfill.ExitCode, await RunsAsync()), Is.EqualTo((ExitCode.Done, 1)), backfill.Progress);

        await Database.ExecuteAsync("UPDATE loads SET is_complete = true");
        await RunInFolderAsync("run", "churn");
        await Database.ExecuteAsync("UPDATE loads SET is_complete = false; DELETE FROM scoring.run_publications; UPDATE scoring.runs SET state = 'running', finished_at = NULL WHERE continuing");

        var resumed = await RunInFolderAsync("run", "churn");
        Assert.That((resumed.ExitCode, await RunsAsync()), Is.EqualTo((ExitCode.Done, 2)), resumed.Progress);
    }

    private Task<long> RunsAsync() => Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs");

    private Task<Invocation> RunInFolderAsync(params string[] arguments) => Invocation.RunAsync(
        new Dictionary<string, string>(Settings) { ["BATCHSCORER_BatchScorer__SourcesFolder"] = folder.FullName, ["BATCHSCORER_BatchScorer__JobsFolder"] = folder.FullName }, arguments);

    private void Write(string query, string limit)
    {
        File.WriteAllText(Path.Combine(folder.FullName, "loaded.sql"), query);
        File.WriteAllText(Path.Combine(folder.FullName, "churn.json"),
            $$"""
            {
              "name": "churn",
              "source": { "table": "demo.customers", "key": ["customer_id"], "cursor": "updated_at",
                          "fresh": { "query": "loaded.sql", "limit": "{{limit}}", "every": "00:00:01" } },
              "model": { "path": "churn.zip" },
              "outputs": { "churn_probability": "Probability", "will_leave": "PredictedLabel" },
              "carry": ["region"]
            }
            """);
    }
}
