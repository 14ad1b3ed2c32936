using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Cli;

internal sealed class BackfillCommandsTests(ServerKind kind) : CommandTests(kind)
{
    private const string BackfillShape =
        "{backfillId: number, job: string, state: string, from: string, to: string, every: string, only: string, newestFirst: boolean, parallel: number, enqueued: boolean, "
        + "modelName: string, modelVersion: string, modelSha256: string, planHash: string, windows: number, windowsPublished: number, windowsFailed: number, "
        + "rowsExpected: number, rowsRead: number, rowsRejected: number, askedAt: string, finishedAt: string, host: string, error: null}";

    private static readonly string[] TwoDays = ["run", "churn", "--backfill", "--from", "2020-01-01", "--to", "2020-01-03", "--every", "1.00:00:00"];

    [SetUp]
    public async Task MakeRows()
    {
        await MakeCustomersAsync(rows: 48);
        await Database.ExecuteAsync("UPDATE demo.customers SET updated_at = timestamptz '2020-01-01Z' + (customer_id - 100001) * interval '1 hour'");
    }

    [Test]
    public async Task A_plan_is_printed_run_listed_and_shown()
    {
        var plan = await RunAsync([.. TwoDays, "--dry-run"]);
        Assert.That(plan.ExitCode, Is.EqualTo(ExitCode.Done), plan.Progress);
        Assert.That(plan.Results, Does.Contain("48 rows in 2 window(s) (--only missing)").And.Contain("no past run to estimate from")
            .And.Match(@"2020-01-02T00:00:00Z\s+2020-01-03T00:00:00Z\s+1\s+24\s+24\s+missing, to be scored\s+-"));
        Assert.That((await RunAsync("backfills", "list")).Results, Is.EqualTo("There are no backfills.\n"));

        var hash = plan.Results.Split('\n').Single(line => line.StartsWith("plan ", StringComparison.Ordinal)).Split(' ')[^1];
        var run = await RunAsync([.. TwoDays, "--plan", hash]);
        Assert.That((run.ExitCode, run.Results), Is.EqualTo((ExitCode.Done, run.Results)), run.Progress);
        Assert.That(run.Results, Does.Contain("1 of job churn, succeeded").And.Contain("2 of 2 published").And.Contain("48 read of 48, 0 rejected"));
        Assert.That(run.Progress.Split('\n')[0], Does.Match(@"^backfill 1 of job churn: 2020-01-01T00:00:00Z to 2020-01-02T00:00:00Z: run 1 published \(1 of 2 windows, 24 of 48 rows, .* rows/s, .* left\)$"));

        var again = await RunAsync([.. TwoDays, "--plan", hash]);
        Assert.That((again.ExitCode, again.Results), Is.EqualTo((ExitCode.Failed, "")));
        Assert.That(again.Progress, Does.StartWith($"The plan has changed since it was {hash}").And.Contain("What differs: the windows"));
        Assert.That((await RunAsync(TwoDays)).Results, Does.StartWith("Nothing to do: no window is missing in 2020-01-01T00:00:00Z to 2020-01-03T00:00:00Z (2 scored)"));

        Assert.That((await RunAsync("backfills", "list", "--job", "churn")).Results, Does.Match(@"1  churn  succeeded  no "));
        Assert.That((await RunAsync("backfills", "show", "1")).Results, Does.Match(@"2020-01-02T00:00:00Z\s+2020-01-03T00:00:00Z\s+2\s+published\s+24\s+24\s+0"));
        Assert.That((await RunAsync("windows", "churn", "--every", "1.00:00:00", "--to", "2020-01-04")).Results, Does.Contain("3 window(s): 2 scored, 0 stale, 0 failed, 1 missing."));
    }

    [Test]
    public async Task The_shapes_of_what_programs_read_stay_as_they_are()
    {
        const string Plan = "{job: string, model: {name: string, version: string, sha256: string, engine: string}, from: string, to: string, every: string, only: string, newestFirst: boolean, "
            + "windows: [{from: string, to: string, rows: number, state: string, models: [], action: string}], estimate: null, hash: string, rows: number}";

        Assert.That(Invocation.ShapeOf((await RunAsync([.. TwoDays, "--dry-run", "--json"])).Json), Is.EqualTo(Plan));
        Assert.That(Invocation.ShapeOf((await RunAsync([.. TwoDays, "--json"])).Json), Is.EqualTo(BackfillShape));
        Assert.That(Invocation.ShapeOf((await RunAsync("backfills", "list", "--json")).Json), Is.EqualTo($"[{BackfillShape}]"));
        Assert.That(Invocation.ShapeOf((await RunAsync("backfills", "show", "1", "--json")).Json),
            Is.EqualTo($"{{backfill: {BackfillShape}, windows: [{{from: string, to: string, rowsExpected: number, runId: number, state: string, rowsRead: number, rowsRejected: number, error: null}}]}}"));
        Assert.That(Invocation.ShapeOf((await RunAsync("windows", "churn", "--every", "2.00:00:00", "--to", "2020-01-03", "--check-source", "--json")).Json),
            Is.EqualTo("[{from: string, to: string, state: string, models: [string], rows: number, rowsWithoutOutcome: number}]"));
    }

    [Test]
    public async Task Another_model_scores_again_what_is_stale_by_it()
    {
        await RunAsync(TwoDays);
        var model = Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "churn", "model-v2.zip");

        var run = await RunAsync([.. TwoDays, "--only", "stale", "--model", model, "--parallel", "2", "--newest-first"]);

        Assert.That(run.Results, Does.Contain("2 of 2 published").And.Contain("model      model-v2 "), run.Progress);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.churn_latest WHERE model_name = 'model-v2'"), Is.EqualTo(48));
        Assert.That((await RunAsync("windows", "churn", "--every", "1.00:00:00", "--to", "2020-01-03")).Results, Does.Contain("2 stale").And.Contain("model-v2"));
    }

    [Test]
    public async Task A_long_list_puts_windows_that_are_alike_into_one_line()
    {
        await RunAsync(TwoDays);

        var windows = await RunAsync("windows", "churn", "--every", "00:30:00", "--from", "2020-01-01", "--to", "2020-01-04");

        Assert.That(windows.Results.Split('\n')[1..3], Has.Exactly(1).Matches(@"2020-01-01T00:00:00Z\s+2020-01-03T00:00:00Z\s+96\s+-\s+-\s+scored\s+churn 2026-02-01")
            .And.Exactly(1).Matches(@"2020-01-03T00:00:00Z\s+2020-01-04T00:00:00Z\s+48\s+-\s+-\s+missing"));
    }

    [Test]
    public async Task A_backfill_is_enqueued_shown_cancelled_and_enqueued_again()
    {
        var hash = (await RunAsync([.. TwoDays, "--dry-run", "--json"])).Json.GetProperty("hash").GetString()!;
        var enqueued = await RunAsync([.. TwoDays, "--enqueue", "--plan", hash, "--parallel", "2", "--newest-first"]);
        Assert.That((enqueued.ExitCode, enqueued.Progress), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(enqueued.Results, Is.EqualTo(
            "Backfill 1 of job churn is enqueued: 2 window(s) for the nodes that run `batchscorer serve`; it waits until there is one.\n"
            + "`batchscorer backfills show 1` tells how far it has come, `batchscorer backfills cancel 1` stops it.\n"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.Zero, "that is left to the nodes");
        Assert.That((await RunAsync("backfills", "list")).Results, Does.Match(@"1  churn  running  yes "));
        Assert.That((await RunAsync("backfills", "show", "1")).Results, Does.Contain("1 of job churn, running").And.Contain("enqueued   for the nodes that run `batchscorer serve`"));

        Assert.That((await RunAsync("backfills", "cancel", "1")).ExitCode, Is.EqualTo(ExitCode.Done));
        var again = await RunAsync("backfills", "resume", "1", "--enqueue", "--json");
        Assert.That(again.ExitCode, Is.EqualTo(ExitCode.Done), again.Progress);
        Assert.That((again.Json.GetProperty("state").GetString(), again.Json.GetProperty("enqueued").GetBoolean()), Is.EqualTo(("running", true)));
    }

    [TestCase(false, ExpectedResult = "yes")]
    [TestCase(true, ExpectedResult = "no")]
    public async Task<string> Resume_takes_an_enqueued_backfill_over_when_it_was_stopped_and_otherwise_helps_with_it(bool isStopped)
    {
        await RunAsync([.. TwoDays, "--enqueue"]);
        if (isStopped)
            await RunAsync("backfills", "cancel", "1");

        var resumed = await RunAsync("backfills", "resume", "1");

        Assert.That(resumed.Results, Does.Contain("1 of job churn, succeeded"), resumed.Progress);
        return (await RunAsync("backfills", "list")).Results.Contains("succeeded  yes ", StringComparison.Ordinal) ? "yes" : "no";
    }

    [Test]
    public async Task Nothing_is_enqueued_where_nothing_is_to_do()
    {
        await RunAsync(TwoDays);

        var answer = await RunAsync([.. TwoDays, "--enqueue"]);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done));
        Assert.That(answer.Results, Does.StartWith("Nothing to do"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.backfills"), Is.EqualTo(1));
    }

    [Test]
    public async Task An_unknown_backfill_answers_64()
    {
        foreach (var command in new[] { "show", "resume", "cancel" })
        {
            var answer = await RunAsync("backfills", command, "7");
            Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.Usage, "There is no backfill 7: `batchscorer backfills list` shows those there are.\n")));
        }
    }
}
