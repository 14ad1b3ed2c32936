using System.Diagnostics;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs;

/// <summary>Runs that are cancelled, resumed and retried.</summary>
internal sealed class CancellationTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    // Each makes the third chunk hang for a minute.
    private const string SlowRead =
        "CREATE OR REPLACE FUNCTION fine(bigint) RETURNS boolean LANGUAGE sql VOLATILE AS $$ SELECT pg_sleep(60) IS NOT NULL WHERE $1 = 100060 AND current_setting('batchscorer.key_from_1', true) = '100051' UNION ALL SELECT true WHERE $1 <> 100060 $$";

    private const string SlowCopy =
        "CREATE TRIGGER slow BEFORE INSERT ON scoring.job_predictions FOR EACH ROW WHEN (NEW.chunk_no = 2) EXECUTE FUNCTION slow()";

    private const string SlowMark = "CREATE TRIGGER slow BEFORE UPDATE ON scoring.chunks FOR EACH ROW WHEN (NEW.state = 'done' AND NEW.chunk_no = 2) EXECUTE FUNCTION slow()";

    [TestCase(SlowRead)]
    [TestCase(SlowCopy)]
    [TestCase(SlowMark)]
    public async Task A_run_that_is_cancelled_stops_within_five_seconds_and_is_finished_by_resume(string slow)
    {
        await using var job = await ChurnAsync();
        var running = await StartAsync(job, slow);

        var since = Stopwatch.GetTimestamp();
        Assert.That(await job.Cancellation.CancelAsync(1, default), Is.Zero);
        var (run, end) = await running.WaitAsync(Limit);

        Assert.That(Stopwatch.GetElapsedTime(since), Is.LessThan(Limit));
        Assert.That((end.ExitCode, end.Error), Is.EqualTo((ExitCode.Failed, "Run 1 was cancelled; `batchscorer runs resume 1` finishes it.")));
        Assert.That((run.State, run.ChunksDone, run.ChunksFailed), Is.EqualTo(("cancelled", 2, 0)));
        Assert.That(await Database.QueryAsync<string>("SELECT outcome FROM scoring.chunk_attempts ORDER BY attempt_id"), Is.EqualTo(new[] { "done", "done", "stopped" }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions"), Is.EqualTo(50));

        await MendAsync();
        var resumed = await job.Runner.ResumeAsync(await job.ReadAsync(1), acceptRejected: false, new Progress<RunProgress>(), default);
        Assert.That(resumed, Is.EqualTo(new RunEnd(ExitCode.Done, null)));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(100)));
    }

    [Test]
    public async Task A_cancelled_run_is_resumed_any_number_of_times()
    {
        await using var job = await ChurnAsync();
        for (var time = 1; time <= 3; time++)
        {
            var running = await StartAsync(job, time == 1 ? SlowMark : "");
            await job.Cancellation.CancelAsync(1, default);
            Assert.That((await running).Run.State, Is.EqualTo("cancelled"));
        }

        await MendAsync();
        var (run, _) = await job.RunAsync();

        Assert.That((run.RunId, run.State), Is.EqualTo((1, "published")));
        Assert.That((await job.Catalog.ChunksAsync(1, default)).Select(chunk => chunk.Attempts), Is.EqualTo(new[] { 1, 1, 4, 1 }));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(100)));
    }

    [Test]
    public async Task A_run_that_is_over_cannot_be_cancelled_or_retried()
    {
        await using var job = await ChurnAsync();
        await job.RunAsync();

        Assert.That(async () => await job.Cancellation.CancelAsync(1, default), Throws.TypeOf<BatchScorerException>().With.Message.StartsWith("Run 1 of job job is published, expected"));
        Assert.That(async () => await job.Cancellation.CancelAsync(2, default), Throws.TypeOf<BatchScorerException>().With.Message.StartsWith("There is no run 2"));
        Assert.That(async () => await job.Runner.RetryAsync(await job.ReadAsync(1), new Progress<RunProgress>(), default),
            Throws.TypeOf<BatchScorerException>().With.Message.StartsWith("Run 1 of job job has nothing to retry"));
        Assert.That((await job.Catalog.ReadAsync(1, default)).State, Is.EqualTo("published"));
    }

    [Test]
    public async Task Retry_works_on_failed_chunks_only_and_resume_on_the_rest()
    {
        await using var job = await ChurnAsync();
        await Database.ExecuteAsync("CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'not allowed'; END $$");
        await Database.ExecuteAsync(SlowMark);
        await job.RunAsync();
        // As if it had been cancelled before its last chunk.
        await Database.ExecuteAsync(
            "UPDATE scoring.chunks SET state = 'pending', rows_read = NULL WHERE chunk_no = 3; DELETE FROM scoring.job_predictions WHERE chunk_no = 3; UPDATE scoring.runs SET state = 'cancelled'");
        await MendAsync();

        var retried = await job.Runner.RetryAsync(await job.ReadAsync(1), new Progress<RunProgress>(), default);

        Assert.That(retried.ExitCode, Is.EqualTo(ExitCode.Done));
        Assert.That((await job.Catalog.ReadAsync(1, default)).State, Is.EqualTo("cancelled"));
        Assert.That((await job.Catalog.ChunksAsync(1, default)).Select(chunk => (chunk.State, chunk.Attempts)),
            Is.EqualTo(new[] { ("done", 1), ("done", 1), ("done", 2), ("pending", 1) }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest"), Is.Zero);

        await job.Runner.ResumeAsync(await job.ReadAsync(1), acceptRejected: false, new Progress<RunProgress>(), default);
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(100)));
    }

    /// <summary>Four chunks of a table whose rows are looked at by a function.</summary>
    private async Task<TestJob> ChurnAsync()
    {
        await CustomersTable.CreateAsync(Database, 100);
        await MendAsync();
        var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source with { Filter = "fine(customer_id)" });
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 25 } };
        return await job.AppliedAsync();
    }

    /// <summary>Runs the job until its third chunk hangs.</summary>
    private async Task<Task<(RunRecord Run, RunEnd End)>> StartAsync(TestJob job, string slow)
    {
        if (slow.Length > 0)
            await Database.ExecuteAsync(slow);
        var running = Task.Run(() => job.RunAsync(partitions: 1));
        await UntilAsync("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep')");
        return running;
    }

    private async Task UntilAsync(string condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await Database.ScalarAsync<bool>(condition))
            await Task.Delay(20, limit.Token);
    }

    private Task MendAsync() => Database.ExecuteAsync(
        """
        CREATE OR REPLACE FUNCTION fine(bigint) RETURNS boolean LANGUAGE sql VOLATILE AS 'SELECT true';
        DROP TRIGGER IF EXISTS slow ON scoring.chunks;
        CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
        DO $$ BEGIN IF to_regclass('scoring.job_predictions') IS NOT NULL THEN DROP TRIGGER IF EXISTS slow ON scoring.job_predictions; END IF; END $$
        """);
}
