using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using Microsoft.Extensions.Logging;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>A worker on a run that somebody has planned, until it is over.</summary>
[RetryPolicy(0)]
internal sealed class PartitionJob(JobRunner runner, PartitionTriggers partitions, Database database, NodeOptions options, ILogger<PartitionJob> logger) : IJob
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var place = PartitionTriggers.PlaceOf(context);
        context.Result = JobRunReport.Skipped($"run {place.RunId} is over");
        if (!await OpenRuns.IsUnderWayAsync(database.Writers, place.RunId, cancellationToken))
            return;
        if (await runner.HasToWaitAsync(place.RunId, cancellationToken))
        {
            await GiveWayAsync(context, place, cancellationToken);
            return;
        }

        if (await partitions.IsBeyondLimitAsync(context.Scheduler, cancellationToken))
        {
            await PartitionTriggers.OfferAsync(context.Scheduler, place, AskAgain, cancellationToken);
            context.Result = JobRunReport.Skipped($"the cluster is at its limit of {options.ClusterPartitions} partitions");
            return;
        }

        // Whoever is replaced after a crash has offered the next place already.
        if (place.Next is { } next && !context.Recovering)
            await PartitionTriggers.OfferAsync(context.Scheduler, next, TimeSpan.Zero, cancellationToken);
        try
        {
            // How the run ended is told by the firing that planned it.
            if (await runner.AssistAsync(place.RunId, options.Cluster ? 1 : null, new FiringProgress(context), cancellationToken) is { } end)
                context.Result = JobRunReport.Succeeded($"run {place.RunId}: {(end.ExitCode is ExitCode.Done ? "published" : end.Error)}");
            else if (await OpenRuns.IsUnderWayAsync(database.Writers, place.RunId, cancellationToken))
                // Those after it have been offered already.
                await GiveWayAsync(context, place with { Most = place.Number }, cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The others go on, and a run that nobody works on any more is found.
            SchedulingLogs.PartitionFailed(logger, place.RunId, fault);
            context.Result = JobRunReport.Failed($"run {place.RunId}: {fault.Message}");
        }
    }

    private static async Task GiveWayAsync(IJobExecutionContext context, Place place, CancellationToken cancellationToken)
    {
        await PartitionTriggers.OfferAsync(context.Scheduler, place, AskAgain, cancellationToken);
        context.Result = JobRunReport.Skipped($"run {place.RunId} waits for a run of the job that goes first");
    }
}
