using System.Globalization;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>What a firing of a job has to see to.</summary>
/// <param name="Slot">The slot it is for.</param>
/// <param name="Requests">The runs, in order; none where there is nothing to do.</param>
internal sealed record FiringPlan(DateTimeOffset Slot, IReadOnlyList<RunRequest> Requests)
{
    /// <summary>Missed slots that have no run of their own: see <see cref="CatchUpPlan"/>.</summary>
    public long Merged { get; private init; }

    /// <summary>Why there is nothing to do; null where there is something.</summary>
    public string? Nothing { get; private init; }

    public static async Task<FiringPlan> MakeAsync(IJobExecutionContext context, JobDefinition job, Database database, CancellationToken cancellationToken)
    {
        var plan = job.Schedule!.After is { } followed
            ? await FollowAsync(context, job, followed, database, cancellationToken)
            : await KeepTimeAsync(context, job, database, cancellationToken);
        return plan with
        {
            Requests = [.. plan.Requests.Select(request => request with { FiredBy = job.Schedule.ToString(), Node = context.Scheduler.SchedulerInstanceId })],
        };
    }

    private static async Task<FiringPlan> FollowAsync(
        IJobExecutionContext context, JobDefinition job, IReadOnlyList<string> followed, Database database, CancellationToken cancellationToken)
    {
        // One that is tried again or taken over has its own run to finish, which it has planned already.
        var due = await FollowedRuns.FindDueAsync(database.Writers, job.Name, followed, cancellationToken)
            ?? await FollowedRuns.FindOpenAsync(database.Writers, job.Name, cancellationToken);
        return due is null
            ? new FiringPlan(context.FireTimeUtc, []) { Nothing = "the jobs that it follows have no newer runs" }
            : new FiringPlan(due.Slot, [new RunRequest(Trigger.Schedule) { Slot = due.Slot, FollowedRuns = due.Runs }]);
    }

    private static async Task<FiringPlan> KeepTimeAsync(IJobExecutionContext context, JobDefinition job, Database database, CancellationToken cancellationToken)
    {
        var slots = new Slots(job.Schedule!);
        var slot = slots.Latest(DueAt(context)) ?? DueAt(context);
        // One that fires late fires for the slot that was due last, or not at all; one that is taken over has its own to finish.
        if (!context.Recovering && slots.Latest(context.FireTimeUtc) is { } latest && latest > slot)
        {
            if (job.Schedule!.Missed is MissedSlots.None)
                return new FiringPlan(slot, []) { Nothing = "the slot was missed, and is left out" };
            slot = latest;
        }

        var last = await RunSlots.LastAsync(database.Writers, job.Name, cancellationToken);
        var plan = CatchUp.Plan(job, last, slot);
        return new FiringPlan(slot, [.. plan.Runs.Select(run => new RunRequest(run.Trigger) { Slot = run.Slot })]) { Merged = plan.Merged };
    }

    // A firing that is taken over from a node that died has only the time at which that one fired; its slot is in the data.
    private static DateTimeOffset DueAt(IJobExecutionContext context) =>
        context.Recovering && context.MergedJobDataMap.GetString(SchedulerConstants.FailedJobOriginalTriggerScheduledFireTime) is { } due
            ? DateTimeOffset.Parse(due, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
            : context.ScheduledFireTimeUtc ?? context.FireTimeUtc;
}
