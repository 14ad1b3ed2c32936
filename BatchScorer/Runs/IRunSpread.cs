using BatchScorer.Jobs;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>Has workers in other processes help with a run. Without one, a run's partitions are in the process that planned it.</summary>
internal interface IRunSpread
{
    /// <summary>Asks for help, as part of the transaction that plans or restarts the run: nobody comes unless it is committed. It is the last thing to do in it.</summary>
    /// <param name="transaction">The transaction; to be committed soon.</param>
    /// <param name="runId">The run.</param>
    /// <param name="work">How its job wants to be spread.</param>
    /// <param name="chunks">Chunks there are to do.</param>
    /// <returns>To be disposed of after the commit; null when nobody is to come.</returns>
    Task<IDisposable?> AskAsync(NpgsqlTransaction transaction, long runId, JobWork work, long chunks, CancellationToken cancellationToken);
}
