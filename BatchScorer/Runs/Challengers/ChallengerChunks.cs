using Dapper;
using Npgsql;

namespace BatchScorer.Runs.Challengers;

/// <summary>What became of each chunk with the challenger, written by the transaction that writes the chunk's predictions.</summary>
internal static class ChallengerChunks
{
    // A chunk whose state somebody has set back by hand is done once more.
    private const string Write =
        """
        INSERT INTO scoring.challenger_chunks (run_id, chunk_no, rows_scored, rows_rejected, rejection, fault, took_ms)
        VALUES (@runId, @chunkNo, @RowsScored, @RowsRejected, @Rejection, @Fault, @tookMs)
        ON CONFLICT (run_id, chunk_no) DO UPDATE
        SET rows_scored = excluded.rows_scored, rows_rejected = excluded.rows_rejected, rejection = excluded.rejection, fault = excluded.fault, took_ms = excluded.took_ms
        """;

    public static Task WriteAsync(NpgsqlConnection connection, long runId, int chunkNo, ChallengerOutcome outcome, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            Write,
            new { runId, chunkNo, outcome.RowsScored, outcome.RowsRejected, outcome.Rejection, outcome.Fault, tookMs = (int)outcome.Took.TotalMilliseconds },
            cancellationToken: cancellationToken));
}
