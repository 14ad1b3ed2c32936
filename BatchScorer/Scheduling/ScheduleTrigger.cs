using BatchScorer.Jobs;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>A job's schedule as Quartz keeps it.</summary>
internal static class ScheduleTrigger
{
    /// <summary>The group of the triggers that are schedules.</summary>
    public const string Group = "schedules";

    /// <summary>The group of the jobs that have a schedule.</summary>
    public const string JobGroup = "jobs";

    public static TriggerKey Key(string job) => new(job, Group);

    /// <summary>What fires for a job; its name is the job's.</summary>
    public static JobKey JobKey(string job) => new(job, JobGroup);

    public static IJobDetail CreateJob(JobDefinition job) =>
        JobBuilder.Create<ScoringJob>().WithIdentity(JobKey(job.Name)).WithDescription(job.Description).RequestRecovery().StoreDurably().Build();

    /// <summary>Makes the trigger of a job that is due at times of its own.</summary>
    /// <param name="job">The job.</param>
    /// <param name="now">No slot before this one fires.</param>
    public static ITrigger Create(JobDefinition job, DateTimeOffset now)
    {
        var schedule = job.Schedule!;
        // A firing that comes due while the one before still works waits for its end, so that a run that takes long does not fill the node with those who wait.
        var trigger = TriggerBuilder.Create().WithIdentity(Key(job.Name)).ForJob(JobKey(job.Name)).WithDescription(Describe(schedule)).WithOverlapPolicy(OverlapPolicy.BufferOne);
        return schedule.Cron is { } cron
            ? trigger.StartAt(now).WithSchedule(CronScheduleBuilder.Create(cron)
                .InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone))
                .WithMisfireInstruction(schedule.Missed is MissedSlots.None ? CronTriggerMisfireInstruction.DoNothing : CronTriggerMisfireInstruction.FireAndProceed)).Build()
            // A simple trigger counts on from where it fired late; this one keeps to its start.
            : trigger.StartAt(new Slots(schedule).Next(now)!.Value).WithSchedule(CalendarIntervalScheduleBuilder.Create()
                .WithInterval((int)schedule.Every!.Value.TotalSeconds, IntervalUnit.Second)
                .InTimeZone(TimeZoneInfo.Utc)
                .WithMisfireInstruction(schedule.Missed is MissedSlots.None ? CalendarIntervalTriggerMisfireInstruction.DoNothing : CalendarIntervalTriggerMisfireInstruction.FireAndProceed)).Build();
    }

    /// <summary>All that a trigger is made from, by which a change is noticed.</summary>
    public static string Describe(JobSchedule schedule) => schedule.After is null ? $"{schedule}, missed {schedule.Missed.ToString().ToLowerInvariant()}" : schedule.ToString();

    /// <summary>Makes a trigger that fires a job a single time, besides its schedule.</summary>
    /// <param name="job">The job's name.</param>
    /// <param name="why">The trigger's group: at most one of each is waiting for a job.</param>
    /// <param name="at">When.</param>
    /// <param name="data">What the firing is to know.</param>
    public static ITrigger Once(string job, string why, DateTimeOffset at, JobDataMap? data = null) =>
        TriggerBuilder.Create().WithIdentity(job, why).ForJob(JobKey(job)).StartAt(at).UsingJobData(data ?? []).Build();
}
