using BatchScorer.Jobs;
using Microsoft.Extensions.Logging;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>The schedules by which jobs' models are trained, as Quartz keeps them.</summary>
internal sealed class TrainingSchedules(KnownJobs jobs, TimeProvider time, ILogger<TrainingSchedules> logger)
{
    /// <summary>The execution group by which a node limits how many trainings it has under way.</summary>
    public const string ExecutionGroup = "trainings";

    /// <summary>How many trainings a node has under way: most take all cores or all memory that there are.</summary>
    public const int MostOfNode = 1;

    private const string Group = "trainings";

    /// <summary>The schedules that this node has seen to, by job.</summary>
    private readonly Dictionary<string, string> kept = [];

    /// <summary>Takes up those that are new or changed, and lets go of those that have gone.</summary>
    public async Task UpdateAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        foreach (var (name, schedule) in jobs.All.Select(job => (job.Name, job.Definition.Retrain?.Schedule)))
        {
            if (schedule is null || kept.GetValueOrDefault(name) == schedule.ToString())
                continue;
            await ScheduleAsync(scheduler, name, schedule, schedule.ToString(), cancellationToken);
            kept[name] = schedule.ToString();
        }

        foreach (var name in kept.Keys.Where(name => jobs.Find(name)?.Definition.Retrain?.Schedule is null).ToList())
        {
            await UnscheduleAsync(scheduler, name, cancellationToken);
            kept.Remove(name);
        }
    }

    /// <summary>Lets go of those that were taken away while no node ran. A file with faults says nothing of its schedule.</summary>
    public async Task RemoveStaleAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        foreach (var name in (await scheduler.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(Group), cancellationToken)).Select(key => key.Name))
        {
            if (!jobs.Names.Contains(name) || jobs.Find(name) is { Definition.Retrain: not { Schedule: not null } })
                await UnscheduleAsync(scheduler, name, cancellationToken);
        }
    }

    private async Task ScheduleAsync(IScheduler scheduler, string job, RetrainSchedule schedule, string wanted, CancellationToken cancellationToken)
    {
        var key = new TriggerKey(job, Group);
        if ((await scheduler.GetTrigger(key, cancellationToken))?.Description != wanted)
        {
            var trigger = TriggerBuilder.Create().WithIdentity(key).ForJob(new JobKey(job, Group)).WithDescription(wanted)
                .WithExecutionGroup(ExecutionGroup).WithOverlapPolicy(OverlapPolicy.Skip).StartAt(time.GetUtcNow())
                .WithSchedule(CronScheduleBuilder.Create(schedule.Cron)
                    .InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone)).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
                .Build();
            // Nothing is recovered from a node that dies: its training is lost, and the next slot's makes up for it.
            var detail = JobBuilder.Create<TrainingJob>().WithIdentity(job, Group).StoreDurably().Build();
            await scheduler.ScheduleJob(detail, [trigger], ScheduleJobOptions.Replacing, cancellationToken);
        }

        var next = string.Join(", ", UpcomingFirings.Next(schedule.ToJobSchedule(), time.GetUtcNow()));
        SchedulingLogs.TrainingScheduled(logger, job, wanted, next);
    }

    private async Task UnscheduleAsync(IScheduler scheduler, string job, CancellationToken cancellationToken)
    {
        await scheduler.DeleteJob(new JobKey(job, Group), cancellationToken);
        SchedulingLogs.TrainingUnscheduled(logger, job);
    }
}
