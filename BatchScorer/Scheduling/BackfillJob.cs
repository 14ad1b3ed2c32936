using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using BatchScorer.Runs.Backfills;
using Microsoft.Extensions.Logging;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>A node's work on an enqueued backfill, window by window, until all are over. A cluster's other nodes share the chunks of each window's run.</summary>
internal sealed class BackfillJob(BackfillStore store, BackfillRunner runner, BackfillCatalog catalog, Database database, NodeOptions options, ILogger<BackfillJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var id = BackfillTriggers.BackfillOf(context);
        context.Result = JobRunReport.Skipped($"backfill {id} is not for nodes any more");
        if (!(await store.EnqueuedAsync(cancellationToken)).Contains(id))
            return;
        var backfill = await store.ReadAsync(id, cancellationToken);
        SchedulingLogs.BackfillTakenUp(logger, id, backfill.Job);
        try
        {
            context.Result = await WorkAsync(context, backfill, cancellationToken);
        }
        catch (Exception fault) when (CanPass(fault) && context.RetryPolicy is { } policy && context.RetryAttempt < policy.MaxAttempts)
        {
            SchedulingLogs.BackfillRetried(logger, id, backfill.Job, fault.Message);
            throw new JobExecutionException(fault);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            await FailAsync(backfill, fault, cancellationToken);
            context.Result = JobRunReport.Failed($"backfill {id}: {fault.Message}");
        }
    }

    private async Task<JobRunReport> WorkAsync(IJobExecutionContext context, Backfill backfill, CancellationToken cancellationToken)
    {
        using var job = await JobPreparation.PrepareAsync(database, backfill.Manifest, cancellationToken);
        // In a cluster the others come from wherever there is room.
        var end = await runner.RunAsync(backfill, job, options.Cluster ? 1 : null, new FiringProgress(context), cancellationToken);
        var record = await catalog.ReadAsync(backfill.Id, cancellationToken);
        if (end.ExitCode is ExitCode.Done)
        {
            SchedulingLogs.BackfillDone(logger, backfill.Id, backfill.Job, record.WindowsPublished);
            return JobRunReport.Succeeded($"backfill {backfill.Id}").With("windows", record.WindowsPublished).With("rows", record.RowsRead).With("rejected", record.RowsRejected);
        }

        if (record.State is "cancelled")
            SchedulingLogs.BackfillCancelled(logger, backfill.Id, backfill.Job);
        else
            SchedulingLogs.BackfillFailed(logger, backfill.Id, backfill.Job, end.Error!);
        return JobRunReport.Failed($"backfill {backfill.Id}: {end.Error}");
    }

    // What would fail again and again is left to people, as a window that failed is.
    private async Task FailAsync(Backfill backfill, Exception fault, CancellationToken cancellationToken)
    {
        if (fault is BatchScorerException || PassingFault.Is(fault))
            SchedulingLogs.BackfillFailed(logger, backfill.Id, backfill.Job, fault.Message);
        else
            SchedulingLogs.BackfillFaulted(logger, backfill.Id, backfill.Job, fault);
        await store.CloseAsync(backfill.Id, $"{fault.Message} `batchscorer backfills resume {backfill.Id}` tries again.", cancellationToken);
    }

    private static bool CanPass(Exception fault) => fault is BatchScorerException { ExitCode: ExitCode.Unavailable } || PassingFault.Is(fault);
}
