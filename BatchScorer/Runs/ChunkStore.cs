using BatchScorer.Sources;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>Which of a run's chunks a worker takes.</summary>
/// <param name="RunId">The run.</param>
/// <param name="ReopenedAt">Only those that were reopened at this instant; null for all.</param>
internal sealed record ChunkSelection(long RunId, DateTime? ReopenedAt = null);

/// <summary>A chunk that the caller's transaction has locked.</summary>
/// <param name="ChunkNo">Its number within the run.</param>
/// <param name="Keys">Its rows.</param>
/// <param name="Attempts">Attempts before this one that failed, or whose workers died.</param>
/// <param name="FirstError">Why the first of them failed; null when none has said.</param>
internal sealed record ClaimedChunk(int ChunkNo, KeyRange Keys, int Attempts, string? FirstError);

/// <summary>The rows of chunks: claimed, done, tried again, failed.</summary>
internal static class ChunkStore
{
    // An attempt without an outcome is one whose worker died: were it alive, it would hold the lock.
    private const string Claim =
        """
        SELECT chunk_no, key_from, key_to, past.attempts, past.first_error
        FROM scoring.chunks AS chunk
        CROSS JOIN LATERAL (
            SELECT count(*)::integer AS attempts, (array_agg(error ORDER BY attempt_id) FILTER (WHERE error IS NOT NULL))[1] AS first_error
            FROM scoring.chunk_attempts AS attempt
            WHERE (attempt.run_id, attempt.chunk_no) = (chunk.run_id, chunk.chunk_no)
              AND (attempt.outcome IS NULL OR attempt.outcome = 'failed')
              AND attempt.started_at > coalesce(chunk.reopened_at, '-infinity')
        ) AS past
        WHERE run_id = @runId AND state = 'pending' AND coalesce(not_before, '-infinity') <= clock_timestamp()
          AND (@reopenedAt::timestamptz IS NULL OR reopened_at = @reopenedAt)
          AND EXISTS (SELECT FROM scoring.runs WHERE run_id = @runId AND state = 'running')
        ORDER BY chunk_no LIMIT 1
        FOR NO KEY UPDATE OF chunk SKIP LOCKED
        """;

    private const string MarkDone =
        """
        UPDATE scoring.chunks
        SET state = 'done', rows_read = @rowsRead, rows_scored = @rowsScored, rows_rejected = @rowsRejected,
            read_ms = @readMs, score_ms = @scoreMs, write_ms = @writeMs, done_at = clock_timestamp(), error = NULL, not_before = NULL
        WHERE run_id = @runId AND chunk_no = @chunkNo
        """;

    // Whoever has been cut off is not heard any more, and a chunk that somebody else holds by now is left to them.
    private const string MarkFailed =
        """
        WITH attempt AS (
            UPDATE scoring.chunk_attempts SET outcome = 'failed', error = @cause, ended_at = clock_timestamp()
            WHERE attempt_id = @attemptId AND outcome IS NULL
            RETURNING run_id, chunk_no
        ), free AS (
            SELECT run_id, chunk_no FROM scoring.chunks JOIN attempt USING (run_id, chunk_no)
            WHERE state = 'pending' FOR NO KEY UPDATE OF chunks SKIP LOCKED
        )
        UPDATE scoring.chunks AS chunk
        SET state = CASE WHEN @delay::interval IS NULL THEN 'failed' ELSE 'pending' END,
            error = CASE WHEN @delay::interval IS NULL THEN @error ELSE coalesce(chunk.error, @error) END,
            not_before = clock_timestamp() + @delay::interval
        FROM free WHERE (chunk.run_id, chunk.chunk_no) = (free.run_id, free.chunk_no)
        """;

    private const string GiveUp = "UPDATE scoring.chunks SET state = 'failed', error = @error, not_before = NULL WHERE run_id = @runId AND chunk_no = @chunkNo";

    private const string Shorten = "UPDATE scoring.chunks SET key_to = @keyTo WHERE run_id = @runId AND chunk_no = @chunkNo";

    // Two chunks of a run that are split at the same time must not take the same numbers.
    private const string LockNumbers = "SELECT pg_advisory_xact_lock(hashtextextended('batchscorer chunk numbers of run ' || @runId, 0))";

    private const string Append =
        """
        INSERT INTO scoring.chunks (run_id, chunk_no, key_from, key_to, reopened_at)
        SELECT run_id, (SELECT max(chunk_no) + 1 FROM scoring.chunks WHERE run_id = @runId), @keyFrom, @keyTo, reopened_at
        FROM scoring.chunks WHERE run_id = @runId AND chunk_no = @chunkNo
        """;

    private const string Reopen =
        """
        WITH moment AS (SELECT clock_timestamp() AS now)
        UPDATE scoring.chunks SET state = 'pending', reopened_at = moment.now, not_before = NULL, error = NULL
        FROM moment WHERE run_id = @runId AND state = 'failed'
        RETURNING reopened_at
        """;

    /// <summary>Locks one chunk that nobody else holds, in the caller's transaction, whose end is the end of the lease.</summary>
    /// <returns>Null when there is none, or when the run is not under way.</returns>
    public static async Task<ClaimedChunk?> ClaimAsync(NpgsqlConnection connection, ChunkSelection selection, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<ChunkRow>(new CommandDefinition(Claim, selection, cancellationToken: cancellationToken));
        return row is null ? null : new ClaimedChunk(row.ChunkNo, new KeyRange(row.KeyFrom, row.KeyTo), row.Attempts, row.FirstError);
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

    /// <summary>Notes that an attempt failed, and has its chunk wait for the next one or fail with it.</summary>
    /// <param name="connection">The lease's, when it still holds the chunk, otherwise any.</param>
    /// <param name="attemptId">The attempt.</param>
    /// <param name="cause">Why it failed.</param>
    /// <param name="error">Why the chunk's first attempt did.</param>
    /// <param name="delay">How long to wait for the next; null when there is to be none.</param>
    public static Task MarkFailedAsync(NpgsqlConnection connection, long attemptId, string cause, string error, TimeSpan? delay, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(MarkFailed, new { attemptId, cause, error, delay }, cancellationToken: cancellationToken));

    /// <summary>Marks the chunk failed that the caller's transaction has locked.</summary>
    public static Task GiveUpAsync(NpgsqlConnection connection, long runId, int chunkNo, string error, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(GiveUp, new { runId, chunkNo, error }, cancellationToken: cancellationToken));

    /// <summary>Leaves a chunk the first of several ranges and makes new ones of the others, in the transaction that holds it.</summary>
    public static async Task SplitAsync(NpgsqlConnection connection, long runId, int chunkNo, IReadOnlyList<KeyRange> ranges, CancellationToken cancellationToken)
    {
        if (ranges.Count < 2)
            return;
        await connection.ExecuteAsync(new CommandDefinition(LockNumbers, new { runId }, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(Shorten, new { runId, chunkNo, keyTo = ranges[0].To?.ToArray() }, cancellationToken: cancellationToken));
        foreach (var range in ranges.Skip(1))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                Append, new { runId, chunkNo, keyFrom = range.From?.ToArray(), keyTo = range.To?.ToArray() }, cancellationToken: cancellationToken));
        }
    }

    /// <summary>Makes failed chunks pending again with all their attempts, in the caller's transaction.</summary>
    /// <returns>The instant by which they are known; null when none had failed.</returns>
    public static async Task<DateTime?> ReopenAsync(NpgsqlConnection connection, long runId, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<DateTime?>(new CommandDefinition(Reopen, new { runId }, cancellationToken: cancellationToken))).FirstOrDefault();

    private sealed record ChunkRow
    {
        public required int ChunkNo { get; init; }

        public string[]? KeyFrom { get; init; }

        public string[]? KeyTo { get; init; }

        public string? FirstError { get; init; }

        public required int Attempts { get; init; }
    }
}
