using BatchScorer.Postgres;
using BatchScorer.Runs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>
/// Closes what a worker that died left open, and asks for workers on runs of schedules and on enqueued backfills that have none. Quartz's recovery brings
/// back the firings of a node that is lost; this takes care of work for which no firing stands, by the ledger alone.
/// </summary>
internal sealed class RunSweeper(
    OpenRuns runs, PartitionTriggers partitions, BackfillTriggers backfills, ISchedulerFactory schedulers, NodeOptions options, ILogger<RunSweeper> logger) : BackgroundService
{
    /// <summary>Those that were found the last time: a worker may be between two chunks, or about to close its run.</summary>
    private HashSet<long> suspected = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(options.SweepEvery, stoppingToken);
            try
            {
                await SweepAsync(stoppingToken);
                await backfills.OfferAsync(await schedulers.GetScheduler(stoppingToken), stoppingToken);
            }
            catch (Exception fault) when (fault is SchedulerException || PassingFault.Is(fault))
            {
                SchedulingLogs.NotSwept(logger, fault.GetBaseException().Message);
            }
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var orphaned = await runs.FindOrphanedAsync(cancellationToken);
        foreach (var run in orphaned.Where(run => suspected.Contains(run.RunId)))
        {
            if (run.ChunksPending > 0)
            {
                SchedulingLogs.RunTakenUp(logger, run.RunId, run.ChunksPending);
                var place = new Place(run.RunId, 1, partitions.Most(run.Work, run.ChunksPending));
                await PartitionTriggers.OfferAsync(await schedulers.GetScheduler(cancellationToken), place, TimeSpan.Zero, cancellationToken);
            }
            else if (await runs.TryCloseAsync(run.RunId, cancellationToken) is not null)
            {
                SchedulingLogs.RunClosed(logger, run.RunId);
            }
        }

        suspected = [.. orphaned.Select(run => run.RunId)];
    }
}
