using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>The notes of who works on which chunk. They stay, even when the worker dies.</summary>
internal static class AttemptStore
{
    /// <summary>SQL for how long the <c>run</c> was worked on: while one attempt or more were under way, those apart whose worker died.</summary>
    public const string TimeWorkedOn =
        """
        coalesce(
            (SELECT sum(upper(stretch) - lower(stretch)) FROM (
                SELECT unnest(range_agg(tstzrange(started_at, greatest(started_at, ended_at)))) AS stretch
                FROM scoring.chunk_attempts WHERE run_id = run.run_id AND ended_at IS NOT NULL) AS stretches),
            run.finished_at - run.started_at)
        """;

    private const string Note =
        """
        INSERT INTO scoring.chunk_attempts (run_id, chunk_no, host, process_id, backend_pid, backend_start)
        SELECT @runId, @chunkNo, @host, @processId, pid, backend_start FROM pg_stat_activity WHERE pid = @backendPid
        RETURNING attempt_id
        """;

    private const string End = "UPDATE scoring.chunk_attempts SET outcome = @outcome, ended_at = clock_timestamp() WHERE attempt_id = @attemptId AND outcome IS NULL";

    /// <summary>The attempts that are under way, for a query that goes on with a condition on <c>attempt</c>.</summary>
    /// <remarks>A backend that has gone on to another transaction is a pool's, and holds something else by now.</remarks>
    public const string UnderWay =
        """
        FROM scoring.chunk_attempts AS attempt
        JOIN pg_stat_activity AS holder ON (holder.pid, holder.backend_start) = (attempt.backend_pid, attempt.backend_start) AND holder.xact_start <= attempt.started_at
        WHERE attempt.outcome IS NULL AND
        """;

    private const string AnyUnderWay = $"SELECT EXISTS (SELECT {UnderWay} attempt.run_id = @runId)";

    // Waits up to a second for the end: a connection that is dying must not go back to a pool as if it were well. Whoever is about
    // to commit has locked the note of its attempt, so that is written afterwards.
    private const string EndHolders = $"SELECT attempt.attempt_id, pg_terminate_backend(holder.pid, 1000) {UnderWay}";

    private const string OfLease = "(attempt.run_id, attempt.chunk_no, attempt.backend_pid) = (@runId, @chunkNo, @backendPid)";

    private const string Stop = $"UPDATE scoring.chunk_attempts AS attempt SET outcome = 'stopped', ended_at = clock_timestamp() WHERE attempt.outcome IS NULL AND {OfLease}";

    private const string NoteEnds =
        "UPDATE scoring.chunk_attempts SET outcome = @outcome, error = @error, ended_at = clock_timestamp() WHERE attempt_id = ANY(@attempts) AND outcome IS NULL";

    /// <summary>Notes an attempt at once, on a connection of its own.</summary>
    /// <returns>Its number, or null when the server has ended the lease meanwhile.</returns>
    public static async Task<long?> NoteAsync(NpgsqlDataSource database, long runId, ChunkLease lease, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            Note,
            new { runId, chunkNo = lease.Chunk.ChunkNo, host = Environment.MachineName, processId = Environment.ProcessId, backendPid = lease.BackendPid },
            cancellationToken: cancellationToken));
    }

    /// <summary>Notes how an attempt ended that did not fail, unless somebody else has ended it.</summary>
    /// <param name="connection">In whose transaction.</param>
    /// <param name="attemptId">The attempt.</param>
    /// <param name="outcome"><c>done</c> or <c>split</c>.</param>
    public static Task EndAsync(NpgsqlConnection connection, long attemptId, string outcome, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(End, new { attemptId, outcome }, cancellationToken: cancellationToken));

    /// <summary>Whether somebody works on the run.</summary>
    public static Task<bool> AnyUnderWayAsync(NpgsqlConnection connection, long runId, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(AnyUnderWay, new { runId }, cancellationToken: cancellationToken));

    /// <summary>Has the server end the transaction of a lease, if its attempt is under way, and notes that the attempt was stopped.</summary>
    /// <param name="connection">In no transaction.</param>
    /// <param name="runId">Of which run.</param>
    /// <param name="lease">The lease. Its attempt need not be known to have been noted.</param>
    public static async Task StopAsync(NpgsqlConnection connection, long runId, ChunkLease lease, CancellationToken cancellationToken)
    {
        var ofLease = new { runId, chunkNo = lease.Chunk.ChunkNo, backendPid = lease.BackendPid };
        await connection.ExecuteAsync(new CommandDefinition($"{EndHolders} {OfLease}", ofLease, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(Stop, ofLease, cancellationToken: cancellationToken));
    }

    /// <summary>Has the server end the transactions of attempts that take too long, which frees their chunks whatever their workers do.</summary>
    /// <param name="connection">In no transaction.</param>
    /// <param name="runId">Of which run.</param>
    /// <param name="olderThan">What is too long.</param>
    /// <param name="outcome"><c>failed</c> or <c>stopped</c>.</param>
    /// <param name="error">Why, for the note.</param>
    /// <returns>How many were ended.</returns>
    public static async Task<int> EndUnderWayAsync(
        NpgsqlConnection connection, long runId, TimeSpan olderThan, string outcome, string error, CancellationToken cancellationToken)
    {
        var attempts = (await connection.QueryAsync<(long Id, bool Ended)>(new CommandDefinition(
            $"{EndHolders} attempt.run_id = @runId AND attempt.started_at < clock_timestamp() - @olderThan", new { runId, olderThan }, cancellationToken: cancellationToken)))
            .Select(attempt => attempt.Id).ToArray();
        if (attempts.Length > 0)
            await connection.ExecuteAsync(new CommandDefinition(NoteEnds, new { attempts, outcome, error }, cancellationToken: cancellationToken));
        return attempts.Length;
    }
}
