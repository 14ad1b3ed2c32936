using System.Runtime.ExceptionServices;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using Npgsql;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>Has the cluster's nodes help with a run: asked within the transaction that plans it, they come when it is committed, and only then.</summary>
internal sealed class QuartzSpread(ISchedulerFactory schedulers, PartitionTriggers partitions) : IRunSpread
{
    public async Task<IDisposable?> AskAsync(NpgsqlTransaction transaction, long runId, JobWork work, long chunks, CancellationToken cancellationToken)
    {
        // Who plans or restarts a run is its first worker.
        if (new Place(runId, 1, partitions.Most(work, chunks)).Next is not { } place)
            return null;
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var enlistment = scheduler.EnlistTransaction(transaction);
        try
        {
            await PartitionTriggers.OfferAsync(scheduler, place, TimeSpan.Zero, cancellationToken);
            return enlistment;
        }
        catch (SchedulerException fault) when (PassingFault.Is(fault.GetBaseException()))
        {
            // It is the transaction that was lost, and whoever began it knows how to go on.
            enlistment.Dispose();
            ExceptionDispatchInfo.Throw(fault.GetBaseException());
            throw;
        }
        catch
        {
            enlistment.Dispose();
            throw;
        }
    }
}
