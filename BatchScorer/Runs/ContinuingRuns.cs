using BatchScorer.Postgres;
using Dapper;

namespace BatchScorer.Runs;

/// <summary>The runs that carry a job on, which go before those that look back.</summary>
internal sealed class ContinuingRuns(Database database)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    // Between two chunks, before the first, or while a server restarts, nobody works on a run that is well.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    private const string UnderWay =
        """
        SELECT run_id, greatest(planned_at, started_at, (
                   SELECT max(greatest(started_at, ended_at)) FROM scoring.chunk_attempts AS attempt WHERE attempt.run_id = run.run_id)) > clock_timestamp() - @grace AS is_fresh
        FROM scoring.runs AS run WHERE job = @job AND continuing AND state IN ('planned', 'running')
        ORDER BY run_id LIMIT 1
        """;

    /// <summary>Whether a continuing run of the job is planned or running and somebody is at it, so that others wait.</summary>
    public async Task<bool> AnyAsync(string job, CancellationToken cancellationToken) => await FindAsync(job, cancellationToken) is not null;

    /// <summary>
    /// Waits while a continuing run of the job is planned or running and somebody is at it. One whose workers are gone, and which has shown
    /// no sign of life for a minute, is not waited for.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="waits">Told of each run that is waited for.</param>
    public async Task LetGoFirstAsync(string job, Action<long> waits, CancellationToken cancellationToken)
    {
        for (long? told = null; await FindAsync(job, cancellationToken) is { } run; told = run)
        {
            if (told != run)
                waits(run);
            await Task.Delay(LookAgain, cancellationToken);
        }
    }

    private async Task<long?> FindAsync(string job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var (runId, isFresh) = await connection.QuerySingleOrDefaultAsync<(long? RunId, bool IsFresh)>(new CommandDefinition(
            UnderWay, new { job, grace = Grace }, cancellationToken: cancellationToken));
        return runId is { } run && (isFresh || await AttemptStore.AnyUnderWayAsync(connection, run, cancellationToken)) ? run : null;
    }
}
