using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Quality;
using BatchScorer.Runs;
using Microsoft.Extensions.Logging;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>
/// A firing of a job's schedule: has its slot's run planned, works on it until it is closed, and reports the run's end as its own. Whether there is
/// anything to do is the ledger's decision, so a firing that comes twice, late or from two nodes does no harm.
/// </summary>
internal sealed class ScoringJob(
    KnownJobs jobs, JobRunner runner, RunCatalog catalog, JobQuality quality, Database database, NodeOptions options, ILogger<ScoringJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var name = context.JobDetail.Key.Name;
        if (jobs.Find(name) is not { Definition.Schedule: not null } job)
        {
            SchedulingLogs.JobUnknown(logger, name);
            context.Result = JobRunReport.Failed("this node has no usable job file");
            return;
        }

        var slot = context.FireTimeUtc;
        try
        {
            var plan = await FiringPlan.MakeAsync(context, job.Definition, database, cancellationToken);
            slot = plan.Slot;
            context.Result = plan.Nothing is { } nothing ? JobRunReport.Skipped(nothing) : await RunAsync(context, job, plan, cancellationToken);
        }
        catch (SourceNotFreshException stale)
        {
            context.Result = await WaitAsync(context, stale, slot, cancellationToken);
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

    private async Task<JobRunReport> RunAsync(IJobExecutionContext context, Job job, FiringPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Merged > 0)
            SchedulingLogs.SlotsMerged(logger, job.Name, CatchUp.Most, plan.Slot, plan.Merged);
        var report = JobRunReport.Skipped("the slot had its run");
        foreach (var request in plan.Requests)
        {
            var slot = request.Slot!.Value;
            // In a cluster the others come from wherever there is room.
            if (await runner.RunSlotAsync(job, request, options.Cluster ? 1 : null, new FiringProgress(context), cancellationToken) is var (runId, end))
                report = await ReportAsync(job.Name, slot, runId, end, cancellationToken);
            else
                SchedulingLogs.SlotHadItsRun(logger, job.Name, slot);
            if (report.Result is JobRunResult.Failed)
                break;
        }

        if (report.Result is JobRunResult.Succeeded)
            await quality.FollowRunAsync(job, cancellationToken);

        return report;
    }

    private async Task<JobRunReport> WaitAsync(IJobExecutionContext context, SourceNotFreshException stale, DateTimeOffset slot, CancellationToken cancellationToken)
    {
        if (await SourceWait.TryGoOnAsync(context, stale.Fresh, cancellationToken) is not { } until)
        {
            SchedulingLogs.SlotFailed(logger, stale.Job, slot, stale.Message);
            return JobRunReport.Failed(stale.Message);
        }

        if (SourceWait.UntilOf(context) is null)
            SchedulingLogs.SourceWaitedFor(logger, stale.Job, slot, stale.Fresh.Query, stale.Fresh.Every, until);
        return JobRunReport.Skipped($"the source is not fresh yet, and is asked until {until:u}");
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
}
