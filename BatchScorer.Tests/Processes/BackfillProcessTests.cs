using BatchScorer.Checkpoints;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Postgres;
using static BatchScorer.Tests.Scheduling.ScheduledJob;

namespace BatchScorer.Tests.Processes;

/// <summary>Backfills of the real program that are stopped, killed, and that stand still.</summary>
[OnOneServer]
internal sealed class BackfillProcessTests(ServerKind kind) : DatabaseTests(kind)
{
    private const int Rows = 96;

    private static readonly string[] FourDays = ["run", "job", "--backfill", "--from", "2020-01-01", "--to", "2020-01-05", "--every", "1.00:00:00"];

    [Test]
    public async Task Ctrl_C_stops_a_backfill_and_resume_goes_on()
    {
        await using var churn = await CreateAsync();
        await using (var stopped = churn.Start($"{Checkpoint.AfterCommit}:3", FourDays))
        {
            await stopped.HeldAsync();
            await stopped.SignalAsync("INT");
            Assert.That(await stopped.EndAsync(), Is.EqualTo(130), stopped.Errors);
            Assert.That(stopped.Errors, Does.Contain("Backfill 1 stopped; `batchscorer backfills resume 1` goes on."));
        }

        Assert.That(await PublishedAsync(), Is.InRange(0, 2));
        await using (var resumed = churn.Start(null, "backfills", "resume", "1"))
            Assert.That(await resumed.EndAsync(), Is.Zero, resumed.Errors);

        Assert.That(await PublishedAsync(), Is.EqualTo(4));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(4));
        await churn.AssertScoredAsync(Rows);
    }

    [Test]
    public async Task A_backfill_that_stands_still_in_planning_does_not_hold_up_the_jobs_next_run()
    {
        await using var churn = await CreateAsync();
        await using var still = churn.Start(Checkpoint.DuringPlanning, FourDays);
        await still.HeldAsync();

        await using (var run = churn.Start(null, "run", "job"))
            Assert.That(await run.EndAsync(), Is.Zero, run.Errors);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest"), Is.EqualTo(Rows));

        await still.ReleaseAsync();
        Assert.That(await still.EndAsync(), Is.Zero, still.Errors);
        Assert.That(await PublishedAsync(), Is.EqualTo(4));
    }

    [Test]
    public async Task When_the_node_that_works_on_an_enqueued_backfill_is_killed_the_other_finishes_it()
    {
        await using var churn = await CreateAsync();
        await using (var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, CancellationToken.None))
            await QuartzTables.ApplyAsync(database, CancellationToken.None);
        await Database.ExecuteAsync(
            """
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$;
            CREATE TRIGGER slow AFTER INSERT ON scoring.job_predictions FOR EACH STATEMENT EXECUTE FUNCTION slow()
            """);
        await using (var enqueue = churn.Start(null, [.. FourDays, "--enqueue"]))
            Assert.That(await enqueue.EndAsync(), Is.Zero, enqueue.Errors);
        await using var one = churn.Serve(cluster: true);
        await using var two = churn.Serve(cluster: true);
        await UntilAsync(async () => await Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM scoring.chunk_attempts WHERE run_id = 2 AND ended_at IS NULL)"), "the second window is under way");
        var worker = await Database.ScalarAsync<int>("SELECT process_id FROM scoring.runs WHERE run_id = 2") == one.Id ? one : two;

        await worker.SignalAsync("KILL");

        await UntilAsync(async () => await Database.ScalarAsync<bool>("SELECT state = 'succeeded' FROM scoring.backfills"), "the backfill is done");
        Assert.That(await Database.QueryAsync<string>("SELECT state FROM scoring.runs"), Is.EqualTo(Enumerable.Repeat("published", 4)));
        Assert.That(await Database.QueryAsync<int>("SELECT DISTINCT process_id FROM scoring.runs"), Is.EquivalentTo(new[] { one.Id, two.Id }));
        await churn.AssertScoredAsync(Rows);
    }

    private async Task<ChurnProcesses> CreateAsync()
    {
        var churn = await ChurnProcesses.CreateAsync(Database, Rows, chunkRows: 10);
        await Database.ExecuteAsync("UPDATE customers SET updated_at = timestamptz '2020-01-01Z' + (customer_id - 100001) * interval '1 hour'");
        return churn;
    }

    private async Task<long> PublishedAsync() => await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs WHERE trigger = 'backfill' AND state = 'published'");
}
