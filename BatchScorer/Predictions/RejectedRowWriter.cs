using Dapper;
using Npgsql;

namespace BatchScorer.Predictions;

/// <summary>A rejected row as it is kept.</summary>
/// <param name="Key">JSON object with the key columns.</param>
/// <param name="Column">The column at fault, or null when unknown.</param>
/// <param name="Reason">Why.</param>
/// <param name="SourceCursor">The row's cursor as text, or null when the job has none.</param>
/// <param name="Row">JSON object with every column that was read.</param>
internal sealed record RejectedRowRecord(string Key, string? Column, string Reason, string? SourceCursor, string Row)
{
    /// <summary>How much memory it takes, about.</summary>
    public int Bytes => sizeof(char) * (Key.Length + Reason.Length + Row.Length);
}

/// <summary>Writes rejected rows, in the caller's transaction.</summary>
internal static class RejectedRowWriter
{
    // So much is sent at once, and held in memory until then, however many rows of a chunk are rejected and whatever they hold.
    private const int MostBytes = 16 * 1024 * 1024;

    private const string Insert =
        """
        INSERT INTO scoring.rejected_rows (run_id, job, chunk_no, key, column_name, reason, source_cursor, "row")
        SELECT @runId, @job, @chunkNo, rejected.key::jsonb, rejected.column_name, rejected.reason, rejected.source_cursor, rejected."row"::jsonb
        FROM unnest(@keys, @columns, @reasons, @cursors, @rows) AS rejected (key, column_name, reason, source_cursor, "row")
        """;

    /// <summary>Writes the rows as they come, some at a time. The connection must not be inside a COPY.</summary>
    public static async Task WriteAsync(
        NpgsqlConnection connection, string job, PredictionOrigin origin, IAsyncEnumerable<RejectedRowRecord> rows, CancellationToken cancellationToken)
    {
        var some = new List<RejectedRowRecord>();
        var bytes = 0;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            some.Add(row);
            bytes += row.Bytes;
            if (bytes < MostBytes)
                continue;
            await InsertAsync(connection, job, origin, some, cancellationToken);
            some.Clear();
            bytes = 0;
        }

        if (some.Count > 0)
            await InsertAsync(connection, job, origin, some, cancellationToken);
    }

    private static Task InsertAsync(
        NpgsqlConnection connection, string job, PredictionOrigin origin, List<RejectedRowRecord> rows, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            Insert,
            new
            {
                runId = origin.RunId,
                job,
                chunkNo = origin.ChunkNo,
                keys = rows.Select(row => row.Key).ToArray(),
                columns = rows.Select(row => row.Column).ToArray(),
                reasons = rows.Select(row => row.Reason).ToArray(),
                cursors = rows.Select(row => row.SourceCursor).ToArray(),
                rows = rows.Select(row => row.Row).ToArray(),
            },
            cancellationToken: cancellationToken));
}
