using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>The notes of who works on which chunk. They stay, even when the worker dies.</summary>
internal static class AttemptStore
{
    private const string Note =
        """
        INSERT INTO scoring.chunk_attempts (run_id, chunk_no, host, process_id, backend_pid, backend_start)
        SELECT @runId, @chunkNo, @host, @processId, pid, backend_start FROM pg_stat_activity WHERE pid = @backendPid
        RETURNING attempt_id
        """;

    private const string End = "UPDATE scoring.chunk_attempts SET outcome = @outcome, ended_at = clock_timestamp() WHERE attempt_id = @attemptId AND outcome IS NULL";

    /// <summary>Notes an attempt at once, on a connection of its own.</summary>
    /// <returns>Its number, or null when the server has ended the lease meanwhile.</returns>
    public static async Task<long?> NoteAsync(NpgsqlDataSource database, long runId, ChunkLease lease, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            Note,
            new { runId, chunkNo = lease.Chunk.ChunkNo, host = Environment.MachineName, processId = Environment.ProcessId, backendPid = lease.Connection.ProcessID },
            cancellationToken: cancellationToken));
    }

    /// <summary>Notes how an attempt ended that did not fail, unless somebody else has ended it.</summary>
    /// <param name="connection">In whose transaction.</param>
    /// <param name="attemptId">The attempt.</param>
    /// <param name="outcome"><c>done</c>, <c>stopped</c> or <c>split</c>.</param>
    public static Task EndAsync(NpgsqlConnection connection, long attemptId, string outcome, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(End, new { attemptId, outcome }, cancellationToken: cancellationToken));
}
