using System.Globalization;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>
/// The rejected rows that a replay is to score again. They are seen in the snapshot in which their source rows are staged, marked when the
/// run is written, and resolved when it is published: rows that others reject or give back meanwhile are left alone.
/// </summary>
internal static class TakenUpRows
{
    // What was seen goes with the run's staged source.
    private const string Table = "scoring.rows_taken_up";

    private const string Mark =
        $"""
        UPDATE scoring.rejected_rows AS rejected SET taken_up_by = @runId
        FROM {Table} AS seen
        WHERE seen.planned_run = @runId AND (rejected.run_id, rejected.key) = (seen.run_id, seen.key) AND rejected.resolved_by IS NULL
        """;

    private const string Resolve =
        """
        UPDATE scoring.rejected_rows SET resolved_by = @runId, resolved_at = clock_timestamp()
        WHERE taken_up_by = @runId AND resolved_by IS NULL
        """;

    private const string Unresolve = "UPDATE scoring.rejected_rows SET resolved_by = NULL, resolved_at = NULL WHERE taken_up_by = @runId AND resolved_by = @runId";

    /// <summary>Remembers which rows there are to take up, in the transaction that stages them.</summary>
    /// <param name="reader">In the snapshot in which the source is staged.</param>
    /// <param name="planner">The planner's session.</param>
    /// <param name="runId">The run that is being planned.</param>
    /// <param name="job">The job.</param>
    public static Task SeeAsync(NpgsqlConnection reader, NpgsqlConnection planner, long runId, JobDefinition job, CancellationToken cancellationToken) =>
        QueryCopy.CopyAsync(
            reader,
            $"SELECT {runId.ToString(CultureInfo.InvariantCulture)}::bigint, rejected.run_id, rejected.key {UnresolvedRows.From(job)}",
            planner, Table, cancellationToken);

    /// <summary>Marks what was seen as taken up by the run, in the planner's transaction.</summary>
    /// <returns>False when there was nothing, or when another replay has resolved some of it meanwhile: then the run must not be.</returns>
    public static async Task<bool> TryMarkAsync(NpgsqlConnection planner, long runId, CancellationToken cancellationToken)
    {
        var seen = await planner.ExecuteScalarAsync<long>(new CommandDefinition($"SELECT count(*) FROM {Table} WHERE planned_run = @runId", new { runId }, cancellationToken: cancellationToken));
        var marked = await planner.ExecuteAsync(new CommandDefinition(Mark, new { runId }, cancellationToken: cancellationToken));
        return seen > 0 && marked == seen;
    }

    /// <summary>Resolves what a run has taken up, in the transaction that publishes it; of runs that are no replays nothing.</summary>
    public static Task ResolveAsync(NpgsqlConnection connection, long runId, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(Resolve, new { runId }, cancellationToken: cancellationToken));

    /// <summary>Takes back what publishing a run has resolved, in the transaction that withdraws it, so that the next replay takes it up again.</summary>
    public static Task UnresolveAsync(NpgsqlConnection connection, long runId, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(Unresolve, new { runId }, cancellationToken: cancellationToken));
}
