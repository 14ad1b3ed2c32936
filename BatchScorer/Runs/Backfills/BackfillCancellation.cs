using BatchScorer.Errors;
using BatchScorer.Postgres;
using Dapper;

namespace BatchScorer.Runs.Backfills;

/// <summary>Stops whoever works on a backfill, in whatever process; it can be resumed.</summary>
internal sealed class BackfillCancellation(Database database, RunCancellation runs)
{
    private const string Cancel =
        """
        UPDATE scoring.backfills SET state = 'cancelled', error = 'cancelled on request', finished_at = clock_timestamp()
        WHERE backfill_id = @id AND state IN ('running', 'failed')
        """;

    private const string UnderWay = "SELECT run_id FROM scoring.runs WHERE backfill_id = @id AND state IN ('planned', 'running')";

    /// <summary>Cancels a backfill and its runs, and waits until nobody works on them any more, at most 5 s.</summary>
    /// <returns>How many workers did not stop and were ended by the server.</returns>
    /// <exception cref="BatchScorerException">There is no such backfill, or it is over.</exception>
    public async Task<int> CancelAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        // Nothing is planned from here on: planning holds the backfill's row, and looks whether it is running.
        await connection.ExecuteAsync(new CommandDefinition(Cancel, new { id }, cancellationToken: cancellationToken));
        var (job, state) = await connection.QuerySingleOrDefaultAsync<(string? Job, string State)>(new CommandDefinition(
            "SELECT job, state FROM scoring.backfills WHERE backfill_id = @id", new { id }, cancellationToken: cancellationToken));
        if (job is null)
            throw BackfillCatalog.Unknown(id);
        if (state is not "cancelled")
            throw new BatchScorerException(ExitCode.Usage, $"Backfill {id} of job {job} has {state}, expected one that is not over: nobody works on it.");

        var ended = 0;
        // A run that was about to start when it was cancelled has started since; the second look finds it.
        for (var look = 1; look <= 2; look++)
        {
            var open = await connection.QueryAsync<long>(new CommandDefinition(UnderWay, new { id }, cancellationToken: cancellationToken));
            ended += (await Task.WhenAll(open.Select(run => CancelRunAsync(run, cancellationToken)))).Sum();
        }

        return ended;
    }

    private async Task<int> CancelRunAsync(long runId, CancellationToken cancellationToken)
    {
        try
        {
            return await runs.CancelAsync(runId, cancellationToken);
        }
        catch (BatchScorerException fault) when (fault.ExitCode is ExitCode.Usage)
        {
            // It has ended by itself since.
            return 0;
        }
    }
}
