using BatchScorer.Jobs;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Postgres;
using static BatchScorer.Tests.Scheduling.ScheduledJob;

namespace BatchScorer.Tests.Scheduling;

/// <summary>Jobs that have no times of their own, and follow another.</summary>
[OnOneServer]
internal sealed class FollowingTests(ServerKind kind) : DatabaseTests(kind)
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task A_job_runs_after_each_run_of_the_one_it_follows_once_whatever_the_number_of_nodes(bool cluster)
    {
        await using var job = await ScheduledJob.CreateAsync(Database, schedule: null);
        await job.AddFollowerAsync("summary");
        var options = new NodeOptions { Cluster = cluster };
        await using (await TestNode.StartAsync(Database, options, job.Read))
        await using (await TestNode.StartAsync(Database, options, job.Read))
        {
            await job.RunAsync();
            await UntilFollowedAsync(1);
            await job.RunAsync();
            await UntilFollowedAsync(2);
            // Time enough for runs that must not be.
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        var followed = await Database.QueryAsync<(string Trigger, string FiredBy, int Followed)>(
            """
            SELECT follower.trigger, follower.fired_by, array_position((SELECT array_agg(run_id ORDER BY run_id) FROM scoring.runs WHERE job = 'job'), followed.run_id)
            FROM scoring.runs AS follower JOIN scoring.runs AS followed ON follower.followed_runs = ARRAY[followed.run_id] AND follower.slot = followed.finished_at
            WHERE follower.job = 'summary' ORDER BY follower.run_id
            """);
        Assert.That(followed, Is.EqualTo(new[] { ("schedule", "after job", 1), ("schedule", "after job", 2) }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(4));
    }

    [Test]
    public async Task What_was_published_while_no_node_ran_is_followed_at_the_next_start()
    {
        await using var job = await ScheduledJob.CreateAsync(Database, schedule: null);
        await job.AddFollowerAsync("summary");
        await job.RunAsync();
        await job.RunAsync();

        await using (await TestNode.StartAsync(Database, new NodeOptions(), job.Read))
            await UntilFollowedAsync(1);

        Assert.That(await Database.ScalarAsync<long>("SELECT followed_runs[1] FROM scoring.runs WHERE job = 'summary'"), Is.EqualTo(2));
    }

    [Test]
    public async Task One_that_cannot_run_fires_once_for_each_run_that_it_follows()
    {
        await using var job = await ScheduledJob.CreateAsync(Database, schedule: null);
        await job.AddFollowerAsync("summary", "broken.zip");
        job.WriteFile("broken.zip", "no model");
        await using (await TestNode.StartAsync(Database, new NodeOptions(), job.Read))
        {
            await job.RunAsync();
            await UntilAsync(async () => await FiringsAsync() == 1, "it fires");
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            Assert.That(await FiringsAsync(), Is.EqualTo(1), "it does not go on failing");
            await job.RunAsync();
            await UntilAsync(async () => await FiringsAsync() == 2, "it fires again");
        }

        Task<long> FiringsAsync() => Database.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_execution_history WHERE job_name = 'summary'");
    }

    [Test]
    public async Task A_job_may_change_from_a_time_of_its_own_to_another_job_and_back()
    {
        await using var job = await ScheduledJob.CreateAsync(Database, new JobSchedule { Every = TimeSpan.FromHours(1) });
        job.WriteFile("other.json", (await File.ReadAllTextAsync(job.JobFile)).Replace("\"job\"", "\"other\"", StringComparison.Ordinal));
        await using var node = await TestNode.StartAsync(Database, new NodeOptions(), job.Read);
        var scheduler = await node.SchedulerAsync();
        Assert.That(await scheduler.GetTrigger(ScheduleTrigger.Key("job")), Is.Not.Null);

        job.Write(new JobSchedule { After = ["other"] });
        await UntilAsync(async () => await scheduler.GetTrigger(ScheduleTrigger.Key("job")) is null, "its time is given up");
        Assert.That(await scheduler.GetJobDetail(ScheduleTrigger.JobKey("job")), Is.Not.Null);

        job.Write(new JobSchedule { Every = TimeSpan.FromHours(2) });
        await UntilAsync(async () => await scheduler.GetTrigger(ScheduleTrigger.Key("job")) is not null, "it has a time again");
    }

    private Task UntilFollowedAsync(long times) => UntilAsync(
        async () => await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs WHERE job = 'summary' AND state = 'published'") == times, $"it runs {times} times");
}
