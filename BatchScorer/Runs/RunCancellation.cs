using System.Diagnostics;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Telemetry;
using Dapper;

namespace BatchScorer.Runs;

/// <summary>Stops whoever works on a run, in whatever process; the run can be resumed.</summary>
internal sealed class RunCancellation(Database database)
{
    /// <summary>How often a process looks whether the run that it works on has been cancelled.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    // A process that lives has seen it by then, and has stopped.
    private static readonly TimeSpan Grace = 3 * LookEvery;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private const string Cancel =
        """
        WITH cancelled AS (
            UPDATE scoring.runs SET state = 'cancelled', error = 'cancelled on request', finished_at = clock_timestamp()
            WHERE run_id = @runId AND state IN ('planned', 'running')
        )
        SELECT job, state, trigger FROM scoring.runs WHERE run_id = @runId
        """;

    /// <summary>Cancels a run that is planned or under way, and waits until nobody works on it any more, at most 5 s.</summary>
    /// <returns>How many workers did not stop and were ended by the server.</returns>
    /// <exception cref="BatchScorerException">There is no such run, or it is over.</exception>
    public async Task<int> CancelAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var (job, state, trigger) = await connection.QuerySingleOrDefaultAsync<(string? Job, string State, string Trigger)>(new CommandDefinition(Cancel, new { runId }, cancellationToken: cancellationToken));
        if (job is null)
            throw new BatchScorerException(ExitCode.Usage, $"There is no run {runId}: `batchscorer runs list` shows those there are.");
        if (state is not ("planned" or "running" or "cancelled"))
            throw new BatchScorerException(ExitCode.Usage, $"Run {runId} of job {job} is {state}, expected one that is planned or running: nobody works on it.");
        if (state is not "cancelled")
            RunMetrics.Ended(job, trigger, "cancelled", duration: null);

        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < Grace)
        {
            if (!await AttemptStore.AnyUnderWayAsync(connection, runId, cancellationToken))
                return 0;
            await Task.Delay(LookAgain, cancellationToken);
        }

        return await AttemptStore.EndUnderWayAsync(connection, runId, TimeSpan.Zero, "stopped", "the run was cancelled, and the worker did not stop by itself", cancellationToken);
    }

    /// <summary>Cancels <paramref name="stop"/> soon after the run has been cancelled.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="stop">What the run's partitions in this process obey.</param>
    /// <param name="over">Ends the watch.</param>
    public async Task WatchAsync(long runId, CancellationTokenSource stop, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!over.IsCancellationRequested && await IsCancelledAsync(runId, over))
            {
                await stop.CancelAsync();
                return;
            }
        }
    }

    private async Task<bool> IsCancelledAsync(long runId, CancellationToken over)
    {
        try
        {
            await using var connection = await database.Writers.OpenConnectionAsync(over);
            return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "SELECT state = 'cancelled' FROM scoring.runs WHERE run_id = @runId", new { runId }, cancellationToken: over));
        }
        catch (Exception fault) when (PassingFault.Is(fault) || (fault is OperationCanceledException && over.IsCancellationRequested))
        {
            // The partitions tell of a server that is away; the next look may find it back.
            return false;
        }
    }
}
