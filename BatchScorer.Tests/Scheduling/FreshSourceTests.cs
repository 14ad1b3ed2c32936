using BatchScorer.Jobs;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using Quartz;
using static BatchScorer.Tests.Scheduling.ScheduledJob;

namespace BatchScorer.Tests.Scheduling;

/// <summary>Jobs that wait until their source is fresh.</summary>
[OnOneServer]
internal sealed class FreshSourceTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly JobSchedule Hourly = new() { Every = TimeSpan.FromHours(1) };

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_slot_waits_until_the_source_is_fresh_and_holds_no_place_meanwhile(bool cluster)
    {
        await using var job = await WaitingJobAsync(TimeSpan.FromHours(2));
        var time = new ShiftedTime(Midnight);
        await using (var node = await TestNode.StartAsync(Database, new NodeOptions { Cluster = cluster }, job.Read, time))
        {
            time.Set(Midnight.AddHours(1));
            await UntilAskedAsync(3);
            Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.Zero);
            var scheduler = await node.SchedulerAsync();
            await UntilAsync(async () => (await scheduler.QueryFireInstances(new FireInstanceQuery { IncludeTotalCount = true, Take = 1 })).TotalCount == 0, "nothing works");
            await Database.ExecuteAsync("UPDATE loads SET is_complete = true");
            await job.UntilSlotAsync(1);
        }

        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
    }

    [Test]
    public async Task A_wait_outlives_the_node()
    {
        await using var job = await WaitingJobAsync(TimeSpan.FromHours(2));
        var time = new ShiftedTime(Midnight);
        await using (await TestNode.StartAsync(Database, new NodeOptions(), job.Read, time))
        {
            time.Set(Midnight.AddHours(1));
            await UntilAskedAsync(1);
        }

        await Database.ExecuteAsync("UPDATE loads SET is_complete = true");
        await using (await TestNode.StartAsync(Database, new NodeOptions(), job.Read, time))
            await job.UntilSlotAsync(1);
    }

    [Test]
    public async Task When_the_limit_has_passed_the_slot_fails_and_the_next_one_makes_up_for_it()
    {
        await using var job = await WaitingJobAsync(TimeSpan.FromSeconds(2));
        var time = new ShiftedTime(Midnight);
        await using (await TestNode.StartAsync(Database, new NodeOptions(), job.Read, time))
        {
            time.Set(Midnight.AddHours(1));
            await UntilAskedAsync(2);
            await UntilAsync(async () => await Database.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_triggers WHERE trigger_group = 'waiting'") == 0, "the wait ends");
            var asked = await AskedAsync();
            await Task.Delay(TimeSpan.FromSeconds(2));
            Assert.That((await AskedAsync(), await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs")), Is.EqualTo((asked, 0)), "nobody asks any more");

            await Database.ExecuteAsync("UPDATE loads SET is_complete = true");
            time.Set(Midnight.AddHours(2));
            await job.UntilSlotAsync(2);
        }

        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
    }

    /// <summary>A job that waits for a load.</summary>
    private async Task<ScheduledJob> WaitingJobAsync(TimeSpan limit)
    {
        await Database.ExecuteAsync("CREATE TABLE loads AS SELECT false AS is_complete");
        var job = await ScheduledJob.CreateAsync(Database, schedule: null);
        job.WaitFor("SELECT is_complete FROM loads", limit);
        job.Write(Hourly);
        return job;
    }

    private Task UntilAskedAsync(long times) => UntilAsync(async () => await AskedAsync() >= times, $"the source is asked for {times} times");

    // Nothing but the question reads the table.
    private Task<long> AskedAsync() => Database.ScalarAsync<long>("SELECT coalesce(seq_scan, 0) FROM pg_stat_user_tables WHERE relname = 'loads'");
}
