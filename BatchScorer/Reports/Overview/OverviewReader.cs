using BatchScorer.Postgres;
using BatchScorer.Runs;
using Dapper;

namespace BatchScorer.Reports.Overview;

/// <summary>Jobs and their newest runs, as they stand.</summary>
/// <param name="ReadAt">The time on the database's server when this was read.</param>
/// <param name="Jobs">By name.</param>
/// <param name="UnderWay">Runs that are planned or running, the newest first.</param>
/// <param name="Newest">The newest runs first.</param>
internal sealed record Overview(DateTime ReadAt, IReadOnlyList<JobStanding> Jobs, IReadOnlyList<RunRecord> UnderWay, IReadOnlyList<RunRecord> Newest);

/// <summary>Reads what the overview tells. Nothing here writes.</summary>
internal sealed class OverviewReader(Database database, RunCatalog catalog)
{
    private const int MostRuns = 50;

    private const string Standings =
        """
        SELECT job.name AS job, job.next_from, last.run_id AS last_run, last.state AS last_state,
               shown.run_id AS shown_run, (SELECT max(shown_from) FROM scoring.run_publications WHERE run_id = shown.run_id) AS shown_from,
               covered.run_id AS covered_run, covered.window_from AS covered_from, covered.window_to AS covered_to
        FROM scoring.jobs AS job
        LEFT JOIN LATERAL (SELECT run_id, state FROM scoring.runs WHERE job = job.name ORDER BY run_id DESC LIMIT 1) AS last ON true
        LEFT JOIN LATERAL (SELECT run_id FROM scoring.runs WHERE job = job.name AND state = 'published' ORDER BY run_id DESC LIMIT 1) AS shown ON true
        LEFT JOIN LATERAL (
            SELECT run_id, window_from, window_to FROM scoring.runs
            WHERE job = job.name AND state = 'published' AND continuing AND window_to IS NOT NULL ORDER BY run_id DESC LIMIT 1) AS covered ON true
        ORDER BY job.name
        """;

    /// <summary>Reads it.</summary>
    /// <param name="job">The runs of this job only; null for those of all.</param>
    public async Task<Overview> ReadAsync(string? job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var now = await connection.ExecuteScalarAsync<DateTime>(new CommandDefinition("SELECT clock_timestamp()", cancellationToken: cancellationToken));
        var standings = (await connection.QueryAsync<JobStanding>(new CommandDefinition(Standings, cancellationToken: cancellationToken))).AsList();
        return new Overview(now, standings, await catalog.UnderWayAsync(MostRuns, cancellationToken), await catalog.ListAsync(job, MostRuns, cancellationToken));
    }
}
