using System.Globalization;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using Microsoft.Extensions.Logging;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>
/// A firing of a job's schedule: has its slot's run planned, works on it until it is closed, and reports the run's end as its own. Whether there is
/// anything to do is the ledger's decision, so a firing that comes twice, late or from two nodes does no harm.
/// </summary>
internal sealed class ScoringJob(KnownJobs jobs, JobRunner runner, RunCatalog catalog, Database database, NodeOptions options, ILogger<ScoringJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var name = context.JobDetail.Key.Name;
        if (jobs.Find(name) is not { Definition.Schedule: { } schedule } job)
        {
            SchedulingLogs.JobUnknown(logger, name);
            context.Result = JobRunReport.Failed("this node has no usable job file");
            return;
        }

        var slots = new Slots(schedule);
        var slot = slots.Latest(DueAt(context)) ?? DueAt(context);
        // One that fires late fires for the slot that was due last, or not at all; one that is taken over has its own to finish.
        if (!context.Recovering && slots.Latest(context.FireTimeUtc) is { } latest && latest > slot)
        {
            if (schedule.Missed is MissedSlots.None)
            {
                context.Result = JobRunReport.Skipped("the slot was missed, and is left out");
                return;
            }

            slot = latest;
        }

        try
        {
            context.Result = await RunAsync(context, job, slot, cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            if (fault is BatchScorerException || PassingFault.Is(fault))
                SchedulingLogs.SlotFailed(logger, name, slot, fault.Message);
            else
                SchedulingLogs.SlotFaulted(logger, name, slot, fault);
            context.Result = JobRunReport.Failed(fault.Message);
            if (fault is not BatchScorerException known || CanPass(known.ExitCode))
                throw new JobExecutionException(fault);
        }
    }

    private async Task<JobRunReport> RunAsync(IJobExecutionContext context, Job job, DateTimeOffset slot, CancellationToken cancellationToken)
    {
        var last = await RunSlots.LastAsync(database.Writers, job.Name, cancellationToken);
        var plan = CatchUp.Plan(job.Definition, last, slot);
        if (plan.Merged > 0)
            SchedulingLogs.SlotsMerged(logger, job.Name, CatchUp.Most, slot, plan.Merged);
        var report = JobRunReport.Skipped("the slot had its run");
        foreach (var (each, trigger) in plan.Runs)
        {
            var request = new RunRequest(trigger) { Slot = each, FiredBy = ScheduleTrigger.Name(job.Definition.Schedule!), Node = context.Scheduler.SchedulerInstanceId };
            // In a cluster the others come from wherever there is room.
            if (await runner.RunSlotAsync(job, request, options.Cluster ? 1 : null, new FiringProgress(context), cancellationToken) is var (runId, end))
                report = await ReportAsync(job.Name, each, runId, end, cancellationToken);
            else
                SchedulingLogs.SlotHadItsRun(logger, job.Name, each);
            if (report.Result is JobRunResult.Failed)
                break;
        }

        return report;
    }

    private async Task<JobRunReport> ReportAsync(string job, DateTimeOffset slot, long runId, RunEnd end, CancellationToken cancellationToken)
    {
        var run = await catalog.ReadAsync(runId, cancellationToken);
        if (end.ExitCode is ExitCode.Done)
        {
            SchedulingLogs.SlotDone(logger, job, slot, runId);
            return JobRunReport.Succeeded($"run {runId}").With("rows", run.RowsRead).With("rejected", run.RowsRejected);
        }

        // What somebody has cancelled is not to be taken up again before the next slot.
        if (CanPass(end.ExitCode) && run.State is not "cancelled")
            throw new BatchScorerException(end.ExitCode, end.Error ?? $"Run {runId} is {run.State}.");
        SchedulingLogs.SlotFailed(logger, job, slot, end.Error ?? run.State);
        return JobRunReport.Failed($"run {runId}: {end.Error}");
    }

    /// <summary>Whether Quartz is to try again: not what only people can mend.</summary>
    private static bool CanPass(ExitCode exitCode) => exitCode is ExitCode.Failed or ExitCode.Unavailable or ExitCode.UnderWayElsewhere;

    // A firing that is taken over from a node that died has only the time at which that one fired; its slot is in the data.
    private static DateTimeOffset DueAt(IJobExecutionContext context) =>
        context.Recovering && context.MergedJobDataMap.GetString(SchedulerConstants.FailedJobOriginalTriggerScheduledFireTime) is { } due
            ? DateTimeOffset.Parse(due, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
            : context.ScheduledFireTimeUtc ?? context.FireTimeUtc;
}
