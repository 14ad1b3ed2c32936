using BatchScorer.Sources;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>A chunk that the caller's transaction has locked.</summary>
internal sealed record ClaimedChunk(int ChunkNo, KeyRange Keys);

/// <summary>The rows of chunks: claimed, noted, done, failed.</summary>
internal static class ChunkStore
{
    private const string Claim =
        """
        SELECT chunk_no, key_from, key_to FROM scoring.chunks
        WHERE run_id = @runId AND state = 'pending'
        ORDER BY chunk_no LIMIT 1
        FOR NO KEY UPDATE SKIP LOCKED
        """;

    private const string NoteAttempt =
        """
        INSERT INTO scoring.chunk_attempts (run_id, chunk_no, host, process_id, backend_pid, backend_start)
        SELECT @runId, @chunkNo, @host, @processId, pid, backend_start FROM pg_stat_activity WHERE pid = @backendPid
        """;

    private const string MarkDone =
        """
        UPDATE scoring.chunks
        SET state = 'done', rows_read = @rowsRead, rows_scored = @rowsScored, rows_rejected = @rowsRejected,
            read_ms = @readMs, score_ms = @scoreMs, write_ms = @writeMs, done_at = clock_timestamp(), error = NULL
        WHERE run_id = @runId AND chunk_no = @chunkNo
        """;

    private const string MarkFailed =
        """
        WITH failed AS (UPDATE scoring.chunks SET state = 'failed', error = @error WHERE run_id = @runId AND chunk_no = @chunkNo AND state = 'pending')
        UPDATE scoring.chunk_attempts SET error = @error
        WHERE attempt_id = (SELECT max(attempt_id) FROM scoring.chunk_attempts WHERE run_id = @runId AND chunk_no = @chunkNo AND process_id = @processId AND host = @host)
        """;

    private const string Reopen = "UPDATE scoring.chunks SET state = 'pending' WHERE run_id = @runId AND state = 'failed'";

    /// <summary>Locks one pending chunk that nobody else holds, in the caller's transaction, whose end is the end of the lease.</summary>
    /// <returns>Null when there is none.</returns>
    public static async Task<ClaimedChunk?> ClaimAsync(NpgsqlConnection connection, long runId, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<ChunkRow>(new CommandDefinition(Claim, new { runId }, cancellationToken: cancellationToken));
        return row is null ? null : new ClaimedChunk(row.ChunkNo, new KeyRange(row.KeyFrom, row.KeyTo));
    }

    /// <summary>Has the server end what an attempt leaves hanging after <paramref name="chunkTime"/>: a statement, or a worker that sends none.</summary>
    public static Task LimitTimeAsync(NpgsqlConnection connection, TimeSpan chunkTime, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "SELECT set_config('statement_timeout', @limit, true), set_config('idle_in_transaction_session_timeout', @limit, true)",
            new { limit = $"{(long)chunkTime.TotalMilliseconds}ms" }, cancellationToken: cancellationToken));

    /// <summary>Notes at once, on a connection of its own, who works on a chunk: the note stays even when the worker dies.</summary>
    public static async Task NoteAttemptAsync(NpgsqlDataSource database, long runId, int chunkNo, int backendPid, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            NoteAttempt, new { runId, chunkNo, host = Environment.MachineName, processId = Environment.ProcessId, backendPid }, cancellationToken: cancellationToken));
    }

    /// <summary>Marks the chunk done, in the transaction that holds its outcomes.</summary>
    public static Task MarkDoneAsync(NpgsqlConnection connection, long runId, ChunkOutcome outcome, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            MarkDone,
            new
            {
                runId,
                chunkNo = outcome.ChunkNo,
                rowsRead = outcome.RowsRead,
                rowsScored = outcome.RowsScored,
                rowsRejected = outcome.RowsRejected,
                readMs = (int)outcome.Read.TotalMilliseconds,
                scoreMs = (int)outcome.Score.TotalMilliseconds,
                writeMs = (int)outcome.Write.TotalMilliseconds,
            },
            cancellationToken: cancellationToken));

    /// <summary>Marks a chunk failed after its transaction has been rolled back.</summary>
    public static async Task MarkFailedAsync(NpgsqlDataSource database, long runId, int chunkNo, string error, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            MarkFailed, new { runId, chunkNo, error, host = Environment.MachineName, processId = Environment.ProcessId }, cancellationToken: cancellationToken));
    }

    /// <summary>Makes failed chunks pending again, in the caller's transaction.</summary>
    public static Task ReopenAsync(NpgsqlConnection connection, long runId, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(Reopen, new { runId }, cancellationToken: cancellationToken));

    private sealed record ChunkRow
    {
        public required int ChunkNo { get; init; }

        public string[]? KeyFrom { get; init; }

        public string[]? KeyTo { get; init; }
    }
}
