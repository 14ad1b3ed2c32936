using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>When a job that follows others is due, and by which of their runs.</summary>
/// <param name="Slot">When the last of these runs ended, by the server's clock: the same for whoever asks.</param>
/// <param name="Runs">Their newest published ones, in order.</param>
internal sealed record FollowedRuns(DateTimeOffset Slot, IReadOnlyList<long> Runs)
{
    // Numbers are compared and not times: a job's runs follow each other, while those of several jobs may show in another order than
    // that in which they ended. A run over rows that somebody named, or that were rejected, is no news.
    private const string Due =
        """
        WITH answered AS (
            SELECT answered.job, max(answered.run_id) AS run_id
            FROM scoring.runs AS answered
            WHERE run_id = ANY (SELECT unnest(followed_runs) FROM (
                SELECT followed_runs FROM scoring.runs WHERE job = @job AND followed_runs IS NOT NULL ORDER BY run_id DESC LIMIT 1) AS last)
            GROUP BY answered.job
        )
        SELECT max(newest.finished_at) AS slot, array_agg(newest.run_id ORDER BY newest.run_id) AS runs
        FROM unnest(@followed) AS followed (job)
        LEFT JOIN answered ON answered.job = followed.job
        LEFT JOIN LATERAL (
            SELECT run_id, finished_at FROM scoring.runs
            WHERE job = followed.job AND state = 'published' AND trigger <> 'replay' AND (continuing OR mode <> 'window')
            ORDER BY run_id DESC LIMIT 1
        ) AS newest ON newest.run_id > coalesce(answered.run_id, 0)
        HAVING bool_and(newest.run_id IS NOT NULL)
        """;

    private const string Open =
        $"""
        SELECT slot, followed_runs AS runs FROM scoring.runs
        WHERE job = @job AND followed_runs IS NOT NULL AND state IN {RunStates.Open}
        ORDER BY run_id LIMIT 1
        """;

    /// <summary>The runs that make a job due: of each job that it follows, one newer than those of its own last such run. Null while there are none.</summary>
    /// <param name="database">Where the ledger is.</param>
    /// <param name="job">The job.</param>
    /// <param name="followed">The jobs that it follows.</param>
    public static Task<FollowedRuns?> FindDueAsync(NpgsqlDataSource database, string job, IReadOnlyList<string> followed, CancellationToken cancellationToken) =>
        FindAsync(database, Due, new { job, followed = followed.ToArray() }, cancellationToken);

    /// <summary>Those of the job's run that is not over yet; null when there is no such run.</summary>
    public static Task<FollowedRuns?> FindOpenAsync(NpgsqlDataSource database, string job, CancellationToken cancellationToken) =>
        FindAsync(database, Open, new { job }, cancellationToken);

    private static async Task<FollowedRuns?> FindAsync(NpgsqlDataSource database, string statement, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (slot, runs) = await connection.QuerySingleOrDefaultAsync<(DateTime Slot, long[]? Runs)>(new CommandDefinition(statement, parameters, cancellationToken: cancellationToken));
        return runs is null ? null : new FollowedRuns(slot, runs);
    }
}
