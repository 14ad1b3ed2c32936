using BatchScorer.Jobs;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using Quartz;
using static BatchScorer.Tests.Scheduling.ScheduledJob;

namespace BatchScorer.Tests.Scheduling;

/// <summary>Nodes with clocks that tests set.</summary>
[OnOneServer]
internal sealed class ServingTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly JobSchedule Hourly = new() { Every = TimeSpan.FromHours(1) };

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(0.5);

    [TestCase(true, MissedSlots.Once, new[] { 1.0, 4 })]
    [TestCase(true, MissedSlots.Each, new[] { 1.0, 2, 3, 4 })]
    [TestCase(true, MissedSlots.None, new[] { 1.0, 5 })]
    [TestCase(false, MissedSlots.Once, new[] { 1.0, 4 })]
    [TestCase(false, MissedSlots.Each, new[] { 1.0, 2, 3, 4 })]
    [TestCase(false, MissedSlots.None, new[] { 1.0, 5 })]
    public async Task Slots_that_passed_while_no_node_ran_are_made_up_for_as_the_job_says(bool cluster, MissedSlots missed, double[] expected)
    {
        await using var job = await ScheduledJob.CreateAsync(Database, Hourly with { Missed = missed });
        var time = new ShiftedTime(Midnight);
        var options = new NodeOptions { Cluster = cluster };
        await using (await TestNode.StartAsync(Database, options, job.Read, time))
            await FireAsync(job, time, 1);

        time.Set(Midnight.AddHours(4.5));
        await using (await TestNode.StartAsync(Database, options, job.Read, time))
        {
            if (missed is MissedSlots.None)
            {
                // Time enough for a run that must not be.
                await Task.Delay(TimeSpan.FromSeconds(2.5));
                await FireAsync(job, time, 5);
            }
            else
            {
                await job.UntilSlotAsync(4);
            }
        }

        Assert.That(await job.SlotsAsync(), Is.EqualTo(expected));
        Assert.That(await Database.ScalarAsync<string>("SELECT window_to FROM scoring.runs ORDER BY run_id DESC LIMIT 1"), Is.EqualTo($"2025-06-01T0{expected[^1]}:00:00.000000Z"));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)), "no row is skipped");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Eight_nodes_that_fire_the_same_slot_make_one_run(bool cluster)
    {
        await using var job = await ScheduledJob.CreateAsync(Database, Hourly);
        var time = new ShiftedTime(Midnight);
        var nodes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TestNode.StartAsync(Database, new NodeOptions { Cluster = cluster }, job.Read, time)));
        try
        {
            await FireAsync(job, time, 1);
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_scheduler_state"), Is.EqualTo(cluster ? 8 : 0), "nodes that know of each other");
        }
        finally
        {
            await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
        }

        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(1));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
    }

    [Test]
    public async Task A_change_of_a_job_file_is_taken_up_and_a_broken_one_leaves_the_old_schedule()
    {
        await using var job = await ScheduledJob.CreateAsync(Database, schedule: null);
        await using var node = await TestNode.StartAsync(Database, new NodeOptions(), job.Read, new ShiftedTime(Midnight));
        var scheduler = await node.SchedulerAsync();
        Assert.That(await ScheduleAsync(scheduler), Is.Null);

        job.Write(Hourly);
        await UntilAsync(async () => await ScheduleAsync(scheduler) == "every 01:00:00, missed once", "a new schedule is taken up");
        job.Write(new JobSchedule { Cron = "0 0 3 * * ?", TimeZone = "Europe/Berlin", Missed = MissedSlots.None });
        await UntilAsync(async () => await ScheduleAsync(scheduler) == "0 0 3 * * ? Europe/Berlin, missed none", "a changed one is");
        await File.WriteAllTextAsync(job.JobFile, "{");
        await Task.Delay(500);
        Assert.That(await ScheduleAsync(scheduler), Is.EqualTo("0 0 3 * * ? Europe/Berlin, missed none"));
        File.Delete(job.JobFile);
        await UntilAsync(async () => await ScheduleAsync(scheduler) is null, "it goes with its file");
    }

    [Test]
    public async Task What_is_scheduled_stays_over_a_restart_unless_its_file_has_gone_meanwhile()
    {
        await using var job = await ScheduledJob.CreateAsync(Database, Hourly);
        await using (await TestNode.StartAsync(Database, new NodeOptions(), job.Read, new ShiftedTime(Midnight)))
        {
        }

        await File.WriteAllTextAsync(job.JobFile, "{");
        await using (var broken = await TestNode.StartAsync(Database, new NodeOptions(), job.Read, new ShiftedTime(Midnight)))
            Assert.That(await ScheduleAsync(await broken.SchedulerAsync()), Is.EqualTo("every 01:00:00, missed once"), "a file with faults says nothing of its schedule");

        File.Delete(job.JobFile);
        await using var gone = await TestNode.StartAsync(Database, new NodeOptions(), job.Read, new ShiftedTime(Midnight));
        Assert.That(await ScheduleAsync(await gone.SchedulerAsync()), Is.Null);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_run_of_a_schedule_that_nobody_works_on_is_taken_up_and_one_that_is_finished_is_closed(bool cluster)
    {
        await using var job = await ScheduledJob.CreateAsync(Database, Hourly);
        var time = new ShiftedTime(Midnight);
        await using (await TestNode.StartAsync(Database, new NodeOptions { Cluster = false }, job.Read, time))
            await FireAsync(job, time, 1);
        await ReopenAsync("state = 'running'");
        await using (await TestNode.StartAsync(Database, new NodeOptions { Cluster = cluster }, job.Read, time))
            await job.UntilSlotAsync(1);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunk_attempts"), Is.EqualTo(16), "closed, and nothing scored again");

        await ReopenAsync("state = 'planned'");
        await Database.ExecuteAsync("DELETE FROM scoring.job_predictions WHERE chunk_no > 7; UPDATE scoring.chunks SET state = 'pending' WHERE chunk_no > 7");
        await using (await TestNode.StartAsync(Database, new NodeOptions { Cluster = cluster }, job.Read, time))
            await job.UntilSlotAsync(1);

        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(1));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));

        Task ReopenAsync(string state) => Database.ExecuteAsync($"DELETE FROM scoring.run_publications; UPDATE scoring.runs SET {state}, finished_at = NULL");
    }

    [Test]
    public async Task The_cluster_works_on_no_more_partitions_than_it_may()
    {
        await using var job = await ScheduledJob.CreateAsync(Database, Hourly);
        await Database.ExecuteAsync(
            """
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END $$;
            CREATE TRIGGER slow AFTER INSERT ON scoring.job_predictions FOR EACH STATEMENT EXECUTE FUNCTION slow()
            """);
        var options = new NodeOptions { NodePartitions = 8, ClusterPartitions = 2 };
        var time = new ShiftedTime(Midnight);
        await using (await TestNode.StartAsync(Database, options, job.Read, time))
            await FireAsync(job, time, 1);

        var together = await Database.ScalarAsync<long>(
            """
            SELECT max((SELECT count(*) FROM scoring.chunk_attempts AS other WHERE other.started_at <= attempt.started_at AND other.ended_at > attempt.started_at))
            FROM scoring.chunk_attempts AS attempt
            """);
        Assert.That(together, Is.EqualTo(3), "who planned the run, and two others");
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_triggers WHERE trigger_group = 'run 1'"), Is.EqualTo(1), "the place that was too many is still on offer");
    }

    /// <summary>Sets the clock a moment before a slot, and waits until the slot has its run. Nodes look at the clock once a second.</summary>
    private static async Task FireAsync(ScheduledJob job, ShiftedTime time, double hour)
    {
        time.Set(Midnight.AddHours(hour) - Moment);
        await job.UntilSlotAsync(hour);
    }

    private static async Task<string?> ScheduleAsync(IScheduler scheduler)
    {
        try
        {
            return (await scheduler.GetTrigger(ScheduleTrigger.Key("job")))?.Description;
        }
        catch (JobPersistenceException)
        {
            // Quartz reads a trigger in two statements, between which the node may replace it.
            return "being replaced";
        }
    }
}
