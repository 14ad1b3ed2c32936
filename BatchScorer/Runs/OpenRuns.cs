using BatchScorer.Jobs;
using BatchScorer.Postgres;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>A run that is planned or under way, and on which nobody works.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Work">How its job wants to be spread.</param>
/// <param name="ChunksPending">Chunks there are to do.</param>
internal sealed record OrphanedRun(long RunId, JobWork Work, long ChunksPending);

/// <summary>Runs that are not over, and those among them whose workers have gone.</summary>
internal sealed class OpenRuns(Database database, RunCloser closer)
{
    private const string IsUnderWay = "SELECT EXISTS (SELECT FROM scoring.runs WHERE run_id = @runId AND state IN ('planned', 'running'))";

    // A run that somebody asked for by hand is theirs to take up again; only its end is seen to.
    private const string Orphaned =
        $"""
        SELECT run_id, manifest::text AS manifest, pending
        FROM scoring.runs AS run
        CROSS JOIN LATERAL (SELECT count(*) AS pending FROM scoring.chunks WHERE run_id = run.run_id AND state = 'pending') AS chunks
        WHERE state IN ('planned', 'running') AND (trigger IN ('schedule', 'catchup') OR (state = 'running' AND pending = 0))
          AND NOT EXISTS (SELECT {AttemptStore.UnderWay} attempt.run_id = run.run_id)
        ORDER BY run_id
        """;

    /// <summary>Whether a run is planned or under way, so that there may be something to do for it.</summary>
    public static async Task<bool> IsUnderWayAsync(NpgsqlDataSource database, long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(IsUnderWay, new { runId }, cancellationToken: cancellationToken));
    }

    /// <summary>The runs of schedules on which nobody works at this moment, and all whose chunks are finished and which nobody has closed.</summary>
    public async Task<IReadOnlyList<OrphanedRun>> FindOrphanedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return [.. (await connection.QueryAsync<(long RunId, string Manifest, long Pending)>(new CommandDefinition(Orphaned, cancellationToken: cancellationToken)))
            .Select(run => new OrphanedRun(run.RunId, Manifest.Parse(run.Manifest).Job.Work, run.Pending))];
    }

    /// <summary>Closes a run if its chunks are finished.</summary>
    /// <returns>How it ended; null while it goes on.</returns>
    public async Task<RunEnd?> TryCloseAsync(long runId, CancellationToken cancellationToken)
    {
        var run = await RunStore.ReadAsync(database.Writers, runId, cancellationToken);
        return await closer.TryCloseAsync(run, new ChunkSelection(runId), run.Manifest.Job.Limits, cancellationToken);
    }
}
