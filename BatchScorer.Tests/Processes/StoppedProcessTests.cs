using System.Diagnostics;
using BatchScorer.Checkpoints;
using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Processes;

/// <summary>Processes of the real program that are stopped, politely or not, and what they do when they wake.</summary>
[OnOneServer]
internal sealed class StoppedProcessTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [TestCase(Checkpoint.AfterClaim)]
    [TestCase(Checkpoint.DuringRead)]
    [TestCase(Checkpoint.DuringCopy)]
    [TestCase(Checkpoint.BeforeCommit)]
    public async Task A_worker_that_hangs_is_cut_off_and_changes_nothing_when_it_wakes(string point)
    {
        await using var churn = await ChurnProcesses.CreateAsync(Database, rows: 200, chunkRows: 50, chunkTime: TimeSpan.FromSeconds(2));
        await using var process = churn.Start($"{point}:2", "run", "job", "--partitions", "1");
        await process.HeldAsync();
        await process.SignalAsync("STOP");

        var (run, end) = await churn.Job.RunAsync();

        Assert.That((end.ExitCode, run.State, run.RowsRead), Is.EqualTo((ExitCode.Done, "published", 200)));
        await churn.AssertScoredAsync(200);
        var before = await LedgerAsync();

        await process.SignalAsync("CONT");
        await process.ReleaseAsync();
        Assert.That(await process.EndAsync(), Is.Zero, process.Errors);
        Assert.That(await LedgerAsync(), Is.EqualTo(before));
        await churn.AssertScoredAsync(200);
    }

    [TestCase(Checkpoint.DuringCopy)]
    [TestCase(Checkpoint.BeforeCommit)]
    public async Task Cancelling_a_run_ends_a_worker_that_hangs_within_five_seconds(string point)
    {
        await using var churn = await ChurnProcesses.CreateAsync(Database, rows: 200, chunkRows: 50);
        await using var process = churn.Start($"{point}:2", "run", "job", "--partitions", "1");
        await process.HeldAsync();
        await process.SignalAsync("STOP");

        var since = Stopwatch.GetTimestamp();
        Assert.That(await churn.Job.Cancellation.CancelAsync(1, default), Is.EqualTo(1));
        Assert.That(Stopwatch.GetElapsedTime(since), Is.LessThan(Limit));
        await process.SignalAsync("CONT");
        await process.ReleaseAsync();
        Assert.That(await process.EndAsync(), Is.EqualTo((int)ExitCode.Failed));
        Assert.That(process.Errors, Does.Contain("Run 1 was cancelled; `batchscorer runs resume 1` finishes it."));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions"), Is.EqualTo(50));

        await using var resume = churn.Start(null, "runs", "resume", "1");
        Assert.That(await resume.EndAsync(), Is.Zero, resume.Errors);
        await churn.AssertScoredAsync(200);
    }

    [Test]
    public async Task The_command_to_cancel_stops_a_process_that_works()
    {
        await using var churn = await ChurnProcesses.CreateAsync(Database, rows: 200, chunkRows: 50);
        await using var process = churn.Start($"{Checkpoint.DuringRead}:2", "run", "job", "--partitions", "2");
        await process.HeldAsync();

        await using var cancel = churn.Start(null, "runs", "cancel", "1");

        Assert.That(await cancel.EndAsync(), Is.Zero, cancel.Errors);
        Assert.That(await process.EndAsync(), Is.EqualTo((int)ExitCode.Failed));
        Assert.That((await churn.Job.Catalog.ReadAsync(1, default)).State, Is.EqualTo("cancelled"));
    }

    [TestCase("TERM", ExitCode.Terminated)]
    [TestCase("INT", ExitCode.Interrupted)]
    public async Task A_process_that_is_told_to_stop_takes_no_new_chunk_and_ends_within_five_seconds(string signal, ExitCode exitCode)
    {
        await using var churn = await ChurnProcesses.CreateAsync(Database, rows: 200, chunkRows: 50);
        await Database.ExecuteAsync(
            """
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
            CREATE TRIGGER slow BEFORE INSERT ON scoring.job_predictions FOR EACH ROW WHEN (NEW.chunk_no = 1) EXECUTE FUNCTION slow()
            """);
        await using var process = churn.Start(null, "run", "job", "--partitions", "1");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep')"))
            await Task.Delay(20, patience.Token);

        var since = Stopwatch.GetTimestamp();
        await process.SignalAsync(signal);
        Assert.That(await process.EndAsync(), Is.EqualTo((int)exitCode), process.Errors);
        Assert.That(Stopwatch.GetElapsedTime(since), Is.LessThan(Limit));
        Assert.That(await Database.QueryAsync<string>("SELECT outcome FROM scoring.chunk_attempts ORDER BY attempt_id"), Is.EqualTo(new[] { "done", "stopped" }));

        await Database.ExecuteAsync("DROP TRIGGER slow ON scoring.job_predictions");
        var (run, _) = await churn.Job.RunAsync();
        Assert.That((run.RunId, run.State), Is.EqualTo((1, "published")));
        await churn.AssertScoredAsync(200);
    }

    [TestCase("run", "job")]
    [TestCase("runs", "resume", "1")]
    public async Task What_a_worker_that_died_left_open_is_closed_by_the_next_one(params string[] command)
    {
        await using var churn = await ChurnProcesses.CreateAsync(Database, rows: 100, chunkRows: 50);
        await using var process = churn.Start(Checkpoint.DuringPublish, "run", "job");
        await process.HeldAsync();
        await process.SignalAsync("KILL");
        await process.EndAsync();
        Assert.That(await Database.ScalarAsync<string>("SELECT state || (SELECT count(*) FROM scoring.chunks WHERE state = 'done') FROM scoring.runs"), Is.EqualTo("running2"));

        await using var next = churn.Start(null, command);

        Assert.That(await next.EndAsync(), Is.Zero, next.Errors);
        Assert.That(await Database.QueryAsync<string>("SELECT state FROM scoring.runs"), Is.EqualTo(new[] { "published" }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunk_attempts"), Is.EqualTo(2), "nothing was scored again");
        await churn.AssertScoredAsync(100);
    }

    private async Task<string?> LedgerAsync() => await Database.ScalarAsync<string>(
        """
        SELECT jsonb_build_array((SELECT jsonb_agg(run) FROM scoring.runs AS run), (SELECT jsonb_agg(chunk ORDER BY chunk_no) FROM scoring.chunks AS chunk))::text
        """);
}
