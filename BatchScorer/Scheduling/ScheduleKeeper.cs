using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>
/// Keeps Quartz's triggers as the job files of this node have them. After its start a node acts on changes of its own files only, so that nodes
/// whose files differ do not undo each other's schedules for ever: who started or changed last has decided.
/// </summary>
internal sealed class ScheduleKeeper(
    ISchedulerFactory schedulers, KnownJobs jobs, FollowingJobs following, TrainingSchedules trainings, Database database, NodeOptions options, TimeProvider time, ILogger<ScheduleKeeper> logger) : BackgroundService
{
    private const string MissedGroup = "missed";

    /// <summary>The schedules that this node has seen to, by job.</summary>
    private readonly Dictionary<string, string> kept = [];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await scheduler.AddJob(PartitionTriggers.CreateJob(), new AddJobOptions { Replace = true }, cancellationToken);
        await scheduler.AddJob(BackfillTriggers.CreateJob(), new AddJobOptions { Replace = true }, cancellationToken);
        if (jobs.Refresh())
        {
            await RemoveStaleAsync(scheduler, cancellationToken);
            await trainings.RemoveStaleAsync(scheduler, cancellationToken);
        }

        await UpdateAsync(scheduler, cancellationToken);
        if (kept.Count == 0)
            SchedulingLogs.NothingScheduled(logger);
        if (!options.Cluster)
            await FireMissedAsync(scheduler, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var scheduler = await schedulers.GetScheduler(stoppingToken);
        while (true)
        {
            await Task.Delay(options.ReadJobsEvery, stoppingToken);
            try
            {
                jobs.Refresh();
                await UpdateAsync(scheduler, stoppingToken);
                await following.FireDueAsync(scheduler, stoppingToken);
            }
            catch (Exception fault) when (fault is SchedulerException || PassingFault.Is(fault))
            {
                SchedulingLogs.NotUpToDate(logger, fault.GetBaseException().Message);
            }
        }
    }

    private async Task UpdateAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        foreach (var job in jobs.All.Select(job => job.Definition).Where(job => job.Schedule is not null))
        {
            var wanted = ScheduleTrigger.Describe(job.Schedule!);
            if (kept.GetValueOrDefault(job.Name) == wanted)
                continue;
            await (job.Schedule!.After is null ? ScheduleAsync(scheduler, job, wanted, cancellationToken) : FollowAsync(scheduler, job, cancellationToken));
            kept[job.Name] = wanted;
        }

        foreach (var name in kept.Keys.Where(name => jobs.Find(name)?.Definition.Schedule is null).ToList())
        {
            await UnscheduleAsync(scheduler, name, cancellationToken);
            kept.Remove(name);
        }

        await trainings.UpdateAsync(scheduler, cancellationToken);
    }

    private async Task ScheduleAsync(IScheduler scheduler, JobDefinition job, string wanted, CancellationToken cancellationToken)
    {
        if ((await scheduler.GetTrigger(ScheduleTrigger.Key(job.Name), cancellationToken))?.Description != wanted)
            await scheduler.ScheduleJob(ScheduleTrigger.CreateJob(job), [ScheduleTrigger.Create(job, time.GetUtcNow())], ScheduleJobOptions.Replacing, cancellationToken);
        var next = string.Join(", ", UpcomingFirings.Next(job.Schedule!, time.GetUtcNow()));
        SchedulingLogs.Scheduled(logger, job.Name, wanted, next);
    }

    private async Task FollowAsync(IScheduler scheduler, JobDefinition job, CancellationToken cancellationToken)
    {
        await scheduler.AddJob(ScheduleTrigger.CreateJob(job), new AddJobOptions { Replace = true }, cancellationToken);
        await scheduler.UnscheduleJob(ScheduleTrigger.Key(job.Name), cancellationToken);
        SchedulingLogs.Follows(logger, job.Name, job.Schedule!);
    }

    // What was taken away while no node ran. A file with faults says nothing of its schedule.
    private async Task RemoveStaleAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        foreach (var name in (await scheduler.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(ScheduleTrigger.JobGroup), cancellationToken)).Select(key => key.Name))
        {
            if (!jobs.Names.Contains(name) || jobs.Find(name) is { Definition.Schedule: null })
                await UnscheduleAsync(scheduler, name, cancellationToken);
        }
    }

    private async Task UnscheduleAsync(IScheduler scheduler, string name, CancellationToken cancellationToken)
    {
        await scheduler.DeleteJob(ScheduleTrigger.JobKey(name), cancellationToken);
        SchedulingLogs.Unscheduled(logger, name);
    }

    // Quartz's store in memory knows nothing of what was missed; the ledger does.
    private async Task FireMissedAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        foreach (var job in jobs.All.Select(job => job.Definition).Where(job => job.Schedule is { After: null, Missed: not MissedSlots.None }))
        {
            var last = await RunSlots.LastAsync(database.Writers, job.Name, cancellationToken);
            if (new Slots(job.Schedule!).Latest(time.GetUtcNow()) is not { } latest || !(last < latest))
                continue;
            SchedulingLogs.SlotMissed(logger, job.Name, latest);
            await scheduler.ScheduleTrigger(
                ScheduleTrigger.Once(job.Name, MissedGroup, time.GetUtcNow()), TriggerConflict.Keep, cancellationToken);
        }
    }
}
