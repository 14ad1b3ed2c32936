using BatchScorer.Jobs;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using static BatchScorer.Tests.Scheduling.ScheduledJob;

namespace BatchScorer.Tests.Scheduling;

/// <summary>Firings that work for longer than they may.</summary>
[OnOneServer]
internal sealed class FiringTimeTests(ServerKind kind) : DatabaseTests(kind)
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task A_firing_that_takes_too_long_is_interrupted_and_its_run_stays_open_and_is_taken_up(bool cluster)
    {
        await using var job = await ScheduledJob.CreateAsync(Database, new JobSchedule { Every = TimeSpan.FromHours(1) });
        await Database.ExecuteAsync(
            """
            CREATE TABLE stuck (chunk_no integer);
            INSERT INTO stuck VALUES (0);
            CREATE FUNCTION stick() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60) FROM stuck WHERE chunk_no = NEW.chunk_no; RETURN NULL; END $$;
            CREATE TRIGGER stick AFTER INSERT ON scoring.job_predictions FOR EACH ROW EXECUTE FUNCTION stick()
            """);
        var time = new ShiftedTime(Midnight);
        var options = new NodeOptions { Cluster = cluster, NodePartitions = 1, FiringTime = TimeSpan.FromSeconds(2) };
        await using var node = await TestNode.StartAsync(Database, options, job.Read, time);
        time.Set(Midnight.AddHours(1));

        await UntilAsync(() => Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM scoring.chunk_attempts WHERE outcome = 'stopped')"), "the firing is interrupted");
        Assert.That(await Database.QueryAsync<string>("SELECT state FROM scoring.runs"), Is.EqualTo(new[] { "running" }));
        Assert.That(await Database.ScalarAsync<string>("SELECT state FROM scoring.chunks WHERE chunk_no = 0"), Is.EqualTo("pending"));

        await Database.ExecuteAsync("DELETE FROM stuck");
        await job.UntilSlotAsync(1);

        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(1));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunk_attempts WHERE outcome = 'failed'"), Is.Zero, "no attempt is counted against the chunk");
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
    }
}
