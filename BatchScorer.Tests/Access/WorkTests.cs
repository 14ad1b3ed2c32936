using BatchScorer.Cli.Demo;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Tests.Cli;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Processes;
using BatchScorer.Tests.Runs;
using Npgsql;
using CustomersTable = BatchScorer.Cli.Demo.CustomersTable;
using static BatchScorer.Tests.Scheduling.ScheduledJob;

namespace BatchScorer.Tests.Access;

/// <summary>What owner and runner are for, with logins that may no more than that: no table is made and none is owned by the runner.</summary>
internal sealed class WorkTests(ServerKind kind) : CommandTests(kind)
{
    private const string Churn =
        """
        {
          "name": "churn",
          "schedule": { "every": "00:00:05" },
          "source": { "table": "demo.customers", "key": ["customer_id"], "cursor": "updated_at" },
          "model": { "path": "churn.zip" },
          "outputs": { "churn_probability": "Probability" },
          "work": { "chunkRows": 20 },
          "limits": { "rejectedShare": 1 },
          "labels": { "table": "demo.outcomes", "label": "has_left", "time": "known_at" },
          "alarms": { "rows": { "atLeast": 1000 }, "stale": "01:00:00", "webhook": { "url": "https://localhost/hook", "secret": "NOWHERE_TO_BE_FOUND" } },
          "keep": { "predictions": "90.00:00:00", "newest": true, "rejectedRows": "30.00:00:00", "runs": "400.00:00:00" }
        }
        """;

    private Logins logins = null!;
    private DirectoryInfo jobs = null!;

    [SetUp]
    public async Task MakeLoginsAndCustomers()
    {
        jobs = Directory.CreateTempSubdirectory("batchscorer-test-");
        File.Copy(Repository.PathTo("jobs/samples/churn.zip"), Path.Combine(jobs.FullName, "churn.zip"));
        await CustomersTable.CreateAsync(Database.DataSource, DemoCustomers.Generate().Take(60), CancellationToken.None);
        // An administrator is the first to migrate; what comes after is the owner's.
        Assert.That((await RunAsync("db", "migrate", "--jobs", jobs.FullName)).ExitCode, Is.EqualTo(ExitCode.Done));
        await File.WriteAllTextAsync(Path.Combine(jobs.FullName, "churn.json"), Churn);
        logins = await Logins.CreateAsync(Database);
        await Database.ExecuteAsync($"GRANT USAGE ON SCHEMA demo TO {logins.Role("owner")}, {logins.Role("runner")}; GRANT SELECT ON demo.customers, demo.outcomes TO {logins.Role("owner")}, {logins.Role("runner")}");
        await AsAsync("owner", "db", "migrate");
    }

    [TearDown]
    public async Task DropLogins()
    {
        await logins.DisposeAsync();
        jobs.Delete(recursive: true);
    }

    [Test]
    public async Task The_runner_runs_replays_withdraws_publishes_cancels_abandons_and_backfills()
    {
        await Database.ExecuteAsync("ALTER TABLE demo.customers ALTER auto_pay DROP NOT NULL; UPDATE demo.customers SET auto_pay = NULL WHERE customer_id = 100007");
        await AsAsync("runner", "run", "churn");
        await Database.ExecuteAsync("UPDATE demo.customers SET auto_pay = true WHERE customer_id = 100007");
        await CustomersTable.LearnOutcomesAsync(Database.DataSource, most: 60, CancellationToken.None);
        await AsAsync("runner", "quality", "churn");
        Assert.That(await Database.ScalarAsync<long>("SELECT max(labelled) FROM scoring.quality"), Is.EqualTo(59));
        await AsAsync("runner", "rejected", "list", "churn");
        await AsAsync("runner", "rejected", "replay", "churn");
        await AsAsync("runner", "runs", "withdraw", "1");
        await AsAsync("runner", "runs", "publish", "1");
        await AsAsync("runner", "run", "churn", "--backfill", "--from", "2020-01-01", "--to", "2026-05-01", "--every", "3650.00:00:00", "--only", "all");
        await AsAsync("runner", "windows", "churn", "--every", "365.00:00:00", "--to", "2030-01-01");
        await AsAsync("runner", "runs", "list");
        await AsAsync("runner", "runs", "show", "1");
        await AsAsync("runner", "health");
        await AsAsync("runner", "alarms", "list");
        Assert.That(await Database.QueryAsync<string>("SELECT attempts || ' ' || split_part(error, ' has ', 2) FROM scoring.alarm_notices"), Has.One.StartsWith("1 neither NOWHERE_TO_BE_FOUND"));
        await Database.ExecuteAsync(
            """
            SELECT scoring.ensure_predictions_partition('churn', '2024-03-15');
            UPDATE scoring.churn_predictions SET planned_on = '2024-03-15';
            UPDATE scoring.runs SET planned_on = '2024-03-15';
            """);
        await AsAsync("runner", "retention", "apply", "--dry-run");
        await AsAsync("runner", "retention", "apply");
        Assert.That(await Database.QueryAsync<string>("SELECT partition FROM scoring.predictions_partitions('churn')"), Has.Member("churn_predictions_kept").And.No.Member("churn_predictions_20240315"));

        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.churn_latest"), Is.EqualTo(60));
        await AssertRunnerOwnsNothingAsync();
    }

    [Test]
    public async Task The_runner_scores_with_a_challenger_and_analysts_read_what_it_answered_in_published_runs_only()
    {
        await AsAsync("runner", "models", "register", Path.Combine(Path.GetDirectoryName(TestJob.GoldenModel("churn"))!, "model-v2.zip"), "--name", "churn", "--version", "2");
        await File.WriteAllTextAsync(Path.Combine(jobs.FullName, "churn.json"), Churn.Replace("\"outputs\"", "\"challenger\": \"churn@2\", \"outputs\"", StringComparison.Ordinal));
        await AsAsync("owner", "db", "migrate");
        await AsAsync("runner", "run", "churn");
        await AsAsync("runner", "models", "compare", "churn");
        await Database.ExecuteAsync("SELECT scoring.ensure_predictions_partition('churn', '2024-03-15'), scoring.ensure_challenger_partition('churn', '2024-03-15'); DROP TABLE scoring.churn_predictions_20240315");
        await AsAsync("runner", "retention", "apply");

        var analyst = $"SET ROLE {logins.Role("analyst")};";
        Assert.That(await Database.ScalarAsync<long>($"{analyst} SELECT count(challenger_churn_probability) FROM scoring.churn_comparison"), Is.EqualTo(60));
        Assert.That(await Database.ScalarAsync<long>($"{analyst} SELECT rows_scored FROM scoring.challenger_runs"), Is.EqualTo(60));
        await Assert.ThatAsync(() => Database.ScalarAsync<long>($"{analyst} SELECT count(*) FROM scoring.churn_challenger"), Throws.TypeOf<PostgresException>().With.Message.Contains("permission denied"));
        Assert.That(await Database.QueryAsync<string>("SELECT beside FROM scoring.challenger_partitions('churn')"), Has.Count.EqualTo(1));
        await AsAsync("runner", "runs", "withdraw", "1");
        Assert.That(await Database.ScalarAsync<long>($"{analyst} SELECT count(*) FROM scoring.churn_comparison"), Is.Zero);
        await AssertRunnerOwnsNothingAsync();
    }

    [Test]
    public async Task Owners_who_migrate_at_the_same_time_wait_for_each_other()
    {
        await Database.ExecuteAsync("DROP VIEW scoring.churn_latest CASCADE");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => AsAsync("owner", "db", "migrate"))));

        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.churn_latest"), Is.Zero);
    }

    [Test]
    public async Task The_runner_stages_resumes_and_abandons()
    {
        await using var database = await BatchScorer.Postgres.Database.OpenAsync(logins.ConnectionString("runner"), default);
        const string Query = "SELECT * FROM demo.customers";
        var source = Tests.Runs.CustomersTable.Source with { Table = null, Query = "customers.sql", Mode = SourceMode.Unscored };
        await using var owner = await TestJob.CreateAsync(Database, "churn", source, Query, connectionString: logins.ConnectionString("owner"));
        await owner.AppliedAsync();
        await using var runner = await TestJob.CreateAsync(Database, "churn", source, Query, connectionString: logins.ConnectionString("runner"));

        var cancelled = await runner.PlanAsync();
        await runner.Cancellation.CancelAsync(cancelled!.Value, default);
        await new RunControl(database).AbandonAsync(cancelled.Value, default);
        var (run, _) = await runner.RunAsync();

        Assert.That((run.State, run.RowsScored), Is.EqualTo(("published", 60)));
        await AssertRunnerOwnsNothingAsync();
    }

    [Test]
    public async Task The_runner_registers_promotes_and_trains()
    {
        const string Retrain = """ "retrain": { "command": ["sh", "-c", "cp churn.zip \"$BATCHSCORER_MODEL\""] }, """;
        await File.WriteAllTextAsync(Path.Combine(jobs.FullName, "churn.json"), Churn
            .Replace("\"path\": \"churn.zip\"", "\"name\": \"churn\"", StringComparison.Ordinal).Replace("\"keep\"", Retrain + "\"keep\"", StringComparison.Ordinal));
        await AsAsync("runner", "models", "register", Path.Combine(jobs.FullName, "churn.zip"), "--name", "churn", "--version", "1");
        await AsAsync("runner", "models", "promote", "churn@1");
        await AsAsync("runner", "run", "churn");
        await CustomersTable.LearnOutcomesAsync(Database.DataSource, most: 60, CancellationToken.None);

        await AsAsync("runner", "train", "churn", "--version", "2");

        await AsAsync("runner", "trainings", "list");
        Assert.That(await Database.ScalarAsync<string>("SELECT concat_ws(' ', state, rows, model_version, started_by) FROM scoring.trainings"), Does.Match(@"^registered 60 2 .*runner"));
        Assert.That(await logins.TryAsync("analyst", "SELECT state, rows, model_version FROM scoring.trainings"), Is.Null);
        Assert.That((await logins.TryAsync("analyst", "SELECT error FROM scoring.trainings"))?.SqlState, Is.EqualTo("42501"));
        Assert.That((await logins.TryAsync("runner", "DELETE FROM scoring.trainings"))?.SqlState, Is.EqualTo("42501"));
        await AssertRunnerOwnsNothingAsync();
    }

    [Test]
    public async Task The_runner_serves()
    {
        await using var node = ScoringProcess.Start(logins.ConnectionString("runner"), jobs.FullName, checkpoint: null, NodeSettings.Of(cluster: true), "serve");
        await UntilAsync(() => Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM scoring.runs WHERE state = 'published' AND rows_scored = 60)"), "a run is published");
        await UntilAsync(() => Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM scoring.labels_taken_up)"), "its job's labels are taken up");

        await node.SignalAsync("TERM");
        Assert.That(await node.EndAsync(), Is.Zero, node.Errors);
        Assert.That(node.Errors, Does.Not.Contain("permission denied"));
        await AssertRunnerOwnsNothingAsync();
    }

    private async Task AsAsync(string purpose, params string[] command)
    {
        var settings = new Dictionary<string, string>
        {
            ["BATCHSCORER_ConnectionStrings__BatchScorer"] = logins.ConnectionString(purpose),
            ["BATCHSCORER_BatchScorer__ModelStore"] = Path.Combine(jobs.FullName, "store"),
            ["BATCHSCORER_BatchScorer__ModelCache"] = Path.Combine(jobs.FullName, "cache"),
        };
        string[] withJobs = command is ["db" or "run" or "rejected" or "windows" or "quality" or "train", ..] or ["models", "compare", ..] ? [.. command, "--jobs", jobs.FullName] : command;
        var answer = await Invocation.RunAsync(settings, withJobs);
        Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.Done, answer.Progress)), string.Join(' ', command));
        Assert.That(answer.Progress, Does.Not.Contain("administrator").And.Not.Contain("permission denied"), string.Join(' ', command));
    }

    private async Task AssertRunnerOwnsNothingAsync()
    {
        var owners = await Database.QueryAsync<string>(
            "SELECT DISTINCT pg_get_userbyid(relowner)::text FROM pg_class WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('scoring', 'quartz')) AND relkind IN ('r', 'p', 'v', 'S')");
        Assert.That(owners, Is.EqualTo(new[] { logins.Role("owner") }));
    }
}
