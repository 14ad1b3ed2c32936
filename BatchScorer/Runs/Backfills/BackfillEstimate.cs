using BatchScorer.Postgres;
using BatchScorer.Predictions;
using Dapper;

namespace BatchScorer.Runs.Backfills;

/// <summary>What scoring so many rows would take, going by what the job's past runs took.</summary>
/// <param name="Runs">How many past runs it rests on.</param>
/// <param name="RowsPerSecond">Rows read a second, planning included.</param>
/// <param name="Time">How long it would take, windows one after the other.</param>
/// <param name="Bytes">How much the predictions table and its indexes would grow.</param>
internal sealed record BackfillEstimate(int Runs, double RowsPerSecond, TimeSpan Time, long Bytes)
{
    private const string PastRuns =
        """
        SELECT count(*)::integer AS runs, coalesce(sum(rows_read), 0)::bigint AS rows,
               coalesce(sum(extract(epoch FROM finished_at - started_at) + planning_ms / 1000.0), 0)::float8 AS seconds
        FROM (
            SELECT * FROM scoring.runs
            WHERE job = @job AND state = 'published' AND rows_read > 0 AND finished_at > started_at
            ORDER BY run_id DESC LIMIT 10
        ) AS latest
        """;

    private const string Size =
        """
        SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint / greatest(1, (
                   SELECT coalesce(sum(chunks.rows_scored), 0) FROM scoring.chunks JOIN scoring.runs USING (run_id) WHERE job = @job))::float8
        FROM pg_partition_tree(@table::regclass) WHERE isleaf
        """;

    /// <summary>Estimates from the ledger and the size of the predictions table.</summary>
    /// <returns>Null when there is no past run.</returns>
    public static async Task<BackfillEstimate?> MakeAsync(Database database, PredictionLayout predictions, long rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var past = await connection.QuerySingleAsync<Past>(new CommandDefinition(PastRuns, new { job = predictions.Job }, cancellationToken: cancellationToken));
        if (past.Runs == 0)
            return null;
        var bytesPerRow = await connection.ExecuteScalarAsync<double>(new CommandDefinition(
            Size, new { job = predictions.Job, table = predictions.Table }, cancellationToken: cancellationToken));
        var rate = past.Rows / past.Seconds;
        return new BackfillEstimate(past.Runs, rate, TimeSpan.FromSeconds(rows / rate), (long)(rows * bytesPerRow));
    }

    private sealed record Past(int Runs, long Rows, double Seconds);
}
