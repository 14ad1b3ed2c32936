using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;
using Npgsql;

namespace BatchScorer.Tests.Cli;

internal sealed class RunCommandsTests(ServerKind kind) : CommandTests(kind)
{
    private const string RunShape =
        "{runId: number, job: string, trigger: string, mode: string, state: string, windowFrom: null, windowTo: string, windowHeldBy: null, "
        + "modelName: string, modelVersion: string, modelSha256: string, engine: string, chunks: number, chunksDone: number, chunksFailed: number, "
        + "rowsPlanned: number, rowsRead: number, rowsScored: number, rowsRejected: number, plannedAt: string, startedAt: string, finishedAt: string, "
        + "planningMs: number, host: string, programVersion: string, slot: null, firedBy: null, followedRuns: null, node: null, error: null, heldReason: null, duration: string, rowsPerSecond: number}";

    private const string ChunkShape =
        "{chunkNo: number, state: string, attempts: number, rowsRead: number, rowsScored: number, rowsRejected: number, "
        + "readMs: number, scoreMs: number, writeMs: number, error: null}";

    [Test]
    public async Task A_run_is_printed_listed_and_shown()
    {
        await MakeCustomersAsync(rows: 200);

        var run = await RunAsync("run", "churn", "--partitions", "2");
        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Done), run.Progress);
        Assert.That(run.Progress, Is.Empty);
        Assert.That(run.Results, Does.Contain("1 of job churn, published")
            .And.Contain("churn 2026-02-01, engine Compiled")
            .And.Contain("200 read, 200 scored, 0 rejected")
            .And.Contain("rows/s")
            .And.Match("read .* s, score .* s, write .* s"));

        var list = await RunAsync("runs", "list", "--job", "churn", "--limit", "1");
        Assert.That(list.Results.Split('\n')[1], Does.Match(@"^\s*1  churn  published"));

        var show = await RunAsync("runs", "show", "1");
        Assert.That(show.Results, Does.Contain("1 of job churn, published").And.Contain("200 rows then").And.Contain("No row was rejected."));
        Assert.That(show.Results.Split('\n'), Has.One.Matches(@"^\s*0  done\s+1\s+200\s+200\s+0"));
    }

    [Test]
    public async Task The_shapes_of_what_programs_read_stay_as_they_are()
    {
        await MakeCustomersAsync(rows: 10);

        var run = await RunAsync("run", "churn", "--json");
        var report = $"{{run: {RunShape}, stages: {{readMs: number, scoreMs: number, writeMs: number}}, chunks: [{ChunkShape}], rejections: [], alarms: []}}";
        Assert.That(Invocation.ShapeOf(run.Json), Is.EqualTo(report));
        Assert.That(Invocation.ShapeOf((await RunAsync("runs", "show", "1", "-o", "json")).Json), Is.EqualTo(report));
        Assert.That(Invocation.ShapeOf((await RunAsync("runs", "list", "--output", "json")).Json), Is.EqualTo($"[{RunShape}]"));
    }

    [Test]
    public async Task Rows_over_the_limit_end_in_2_are_shown_with_an_example_and_can_be_accepted()
    {
        await MakeCustomersAsync(rows: 100);
        await Database.ExecuteAsync("ALTER TABLE demo.customers ALTER auto_pay DROP NOT NULL; UPDATE demo.customers SET auto_pay = NULL WHERE customer_id IN (100007, 100009)");

        var run = await RunAsync("run", "churn");
        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.RejectedOverLimit));
        Assert.That(run.Results, Does.Contain("failed").And.Contain("2 rejected"));
        Assert.That(run.Progress, Does.Contain("limits.rejectedShare").And.Contain("runs resume 1 --accept-rejected"));

        var show = await RunAsync("runs", "show", "1");
        Assert.That(show.Results, Does.Contain("2 rows were rejected:").And.Match(@"2  auto_pay\s+.*\{""customer_id"": 100007\}"));

        var resumed = await RunAsync("runs", "resume", "1", "--accept-rejected");
        Assert.That((resumed.ExitCode, resumed.Progress), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.churn_latest"), Is.EqualTo(98));
    }

    [Test]
    public async Task A_run_that_is_stopped_names_itself_and_how_it_goes_on()
    {
        await MakeCustomersAsync(rows: 200);
        await Database.ExecuteAsync(
            """
            CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
            CREATE TRIGGER linger BEFORE UPDATE ON scoring.chunks FOR EACH ROW EXECUTE FUNCTION linger();
            """);
        using var stop = new StopRequest();
        var running = Invocation.RunAsync(Settings, stop, "run", "churn");
        Assert.That(() => Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunk_attempts"), Is.EqualTo(1).After(20).Seconds.PollEvery(50).MilliSeconds);

        stop.Stop(ExitCode.Terminated);
        var stopped = await running;

        Assert.That((stopped.ExitCode, stopped.Results), Is.EqualTo((ExitCode.Terminated, "")));
        Assert.That(stopped.Progress, Is.EqualTo("Run 1 stopped; `batchscorer run churn` goes on.\n"));
        await Database.ExecuteAsync("DROP TRIGGER linger ON scoring.chunks");
        Assert.That((await RunAsync("run", "churn")).Results, Does.Contain("1 of job churn, published"));
    }

    [Test]
    public async Task An_abandoned_run_gives_its_window_to_the_next()
    {
        await MakeCustomersAsync(rows: 100);
        await Database.ExecuteAsync("ALTER TABLE demo.customers ALTER auto_pay DROP NOT NULL; UPDATE demo.customers SET auto_pay = NULL");
        await RunAsync("run", "churn");

        var abandoned = await RunAsync("runs", "abandon", "1");
        Assert.That((abandoned.ExitCode, abandoned.Results), Is.EqualTo((ExitCode.Done, "Run 1 is abandoned; the next run of job churn starts where it did.\n")));
        var resumed = await RunAsync("runs", "resume", "1");
        Assert.That((resumed.ExitCode, resumed.Progress), Is.EqualTo((ExitCode.Usage, "Run 1 of job churn is abandoned, expected one that is open: `batchscorer run churn` plans the next one.\n")));

        Assert.That((await RunAsync("runs", "show", "1")).Results, Does.Contain("100 rejected").And.Match("(?m)^error +abandoned on request$"));

        await Database.ExecuteAsync("UPDATE demo.customers SET auto_pay = true");
        Assert.That((await RunAsync("run", "churn")).Results, Does.Contain("2 of job churn, published").And.Contain("100 read"));
    }

    [Test]
    public async Task A_run_is_withdrawn_and_published_again()
    {
        await MakeCustomersAsync(rows: 10);
        await RunAsync("run", "churn");

        var withdrawn = await RunAsync("runs", "withdraw", "1");
        Assert.That((withdrawn.ExitCode, withdrawn.Results), Is.EqualTo((ExitCode.Done,
            "Run 1 of job churn is withdrawn, and scoring.churn_latest shows it no longer; `batchscorer runs publish 1` brings it back.\n")));
        Assert.That((await RunAsync("runs", "withdraw", "1")).Results, Is.EqualTo("Run 1 of job churn was withdrawn already.\n"));
        Assert.That((await RunAsync("runs", "list")).Results.Split('\n')[1], Does.Match(@"^\s*1  churn  withdrawn"));
        Assert.That((await RunAsync("runs", "show", "1")).Results, Does.Contain("1 of job churn, withdrawn"));
        var resumed = await RunAsync("runs", "resume", "1");
        Assert.That((resumed.ExitCode, resumed.Progress), Is.EqualTo((ExitCode.Usage,
            "Run 1 of job churn is withdrawn, expected one that is open: `batchscorer runs publish 1` shows it again.\n")));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.churn_latest"), Is.Zero);

        var published = await RunAsync("runs", "publish", "1", "--json");
        Assert.That((published.ExitCode, published.Json.GetProperty("state").GetString()), Is.EqualTo((ExitCode.Done, "published")));
        Assert.That((await RunAsync("runs", "publish", "1")).Results, Is.EqualTo("Run 1 of job churn was published already.\n"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.churn_latest"), Is.EqualTo(10));
    }

    [Test]
    public async Task An_unknown_run_answers_64()
    {
        foreach (var command in new[] { "show", "resume", "abandon", "withdraw", "publish" })
        {
            var answer = await RunAsync("runs", command, "7");
            Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.Usage, "There is no run 7: `batchscorer runs list` shows those there are.\n")));
        }
    }

    [Test]
    public async Task Runs_of_an_unknown_job_answer_64_with_a_suggestion_and_of_one_without_runs_how_to_make_one()
    {
        var unknown = await RunAsync("runs", "list", "--job", "chrun");
        Assert.That((unknown.ExitCode, unknown.Results), Is.EqualTo((ExitCode.Usage, "")));
        Assert.That(unknown.Progress, Does.StartWith("There is no job \"chrun\" in ").And.EndWith(", did you mean \"churn\"?\n"));

        var idle = await RunAsync("runs", "list", "--job", "churn");
        Assert.That((idle.ExitCode, idle.Results, idle.Progress), Is.EqualTo((ExitCode.Done, "Job churn has no runs yet: `batchscorer run churn` makes the first.\n", "")));
        Assert.That((await RunAsync("runs", "list", "--job", "churn", "--json")).Results, Is.EqualTo("[]\n"));

        await Database.ExecuteAsync("INSERT INTO scoring.jobs (name) VALUES ('gone')");
        Assert.That((await RunAsync("runs", "list", "--job", "gone")).ExitCode, Is.EqualTo(ExitCode.Done), "a job whose file is gone");
    }

    [Test]
    public async Task The_password_may_come_from_a_file()
    {
        var connection = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        var file = Path.Combine(Path.GetTempPath(), $"batchscorer-test-{Path.GetRandomFileName()}");
        await File.WriteAllTextAsync(file, connection.Password + "\n");
        connection.Password = null;
        var settings = SettingsOf(Database);
        settings["BATCHSCORER_ConnectionStrings__BatchScorer"] = connection.ConnectionString;

        Assert.That((await Invocation.RunAsync(settings, "runs", "list")).ExitCode, Is.EqualTo(ExitCode.Unavailable));
        settings["BATCHSCORER_BatchScorer__PasswordFile"] = file;
        Assert.That((await Invocation.RunAsync(settings, "runs", "list")).Results, Is.EqualTo("There are no runs.\n"));
        File.Delete(file);
    }

    [Test]
    public async Task A_database_without_the_schema_is_told_to_migrate()
    {
        await using var empty = await Server.CreateEmptyDatabaseAsync();

        var answer = await Invocation.RunAsync(SettingsOf(empty), "runs", "list");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(answer.Progress, Does.Contain("batchscorer db migrate"));
    }
}
