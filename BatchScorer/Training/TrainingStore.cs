using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Training.Data;
using Dapper;
using Npgsql;

namespace BatchScorer.Training;

/// <summary>The record of trainings, <c>scoring.trainings</c>, and the lock by which a job has one at a time.</summary>
internal sealed class TrainingStore(Database database)
{
    private const string TryLock = "SELECT pg_try_advisory_lock(hashtextextended('batchscorer training of ' || @job, 0))";

    private const string Unlock = "SELECT pg_advisory_unlock(hashtextextended('batchscorer training of ' || @job, 0))";

    // Whoever holds the lock is the only one at it, so what is not ended has nobody who will.
    private const string CloseLost = "UPDATE scoring.trainings SET state = 'lost', finished_at = clock_timestamp() WHERE job = @job AND state = 'running'";

    private const string Insert =
        """
        INSERT INTO scoring.trainings (job, reason, slot, host) VALUES (@job, @reason, @slot, @host)
        ON CONFLICT (job, slot) DO NOTHING
        RETURNING training_id
        """;

    private const string NoteData = "UPDATE scoring.trainings SET labelled = @labelled, rows = @rows WHERE training_id = @id";

    private const string NoteModel =
        "UPDATE scoring.trainings SET model_name = @name, model_version = @version, model_sha256 = @sha256 WHERE training_id = @id";

    private const string Finish =
        "UPDATE scoring.trainings SET state = @state, error = @error, finished_at = clock_timestamp() WHERE training_id = @id AND state = 'running'";

    private const string Select =
        """
        SELECT training_id, job, reason, slot, state, labelled, rows, model_name, model_version, model_sha256, error, host, started_by, started_at, finished_at
        FROM scoring.trainings WHERE @job::text IS NULL OR job = @job
        ORDER BY training_id DESC LIMIT @limit
        """;

    /// <summary>Takes the lock of a job, and closes what is left open of one who has gone.</summary>
    /// <returns>What gives it back; null where somebody else has it.</returns>
    public async Task<IAsyncDisposable?> TryLockAsync(string job, CancellationToken cancellationToken)
    {
        var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        try
        {
            if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(TryLock, new { job }, cancellationToken: cancellationToken)))
            {
                await connection.ExecuteAsync(new CommandDefinition(CloseLost, new { job }, cancellationToken: cancellationToken));
                return new Lock(connection, job);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Notes a training that begins.</summary>
    /// <returns>Its number; null where its slot has had its training.</returns>
    public async Task<long?> TryBeginAsync(string job, TrainingRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            Insert,
            new { job, reason = request.Reason.ToString().ToLowerInvariant(), slot = request.Slot?.UtcDateTime, host = Environment.MachineName },
            cancellationToken: cancellationToken));
    }

    public Task NoteAsync(long id, DataSet data, CancellationToken cancellationToken) =>
        ExecuteAsync(NoteData, new { id, labelled = data.Labelled, rows = data.Rows }, cancellationToken);

    public Task NoteAsync(long id, ModelReference model, string sha256, CancellationToken cancellationToken) =>
        ExecuteAsync(NoteModel, new { id, name = model.Name, version = model.Version, sha256 }, cancellationToken);

    /// <summary>Notes how a training has ended; whoever trained may have been told to stop.</summary>
    public Task EndAsync(long id, string state, string? error) => ExecuteAsync(Finish, new { id, state, error }, CancellationToken.None);

    /// <summary>The last trainings, the newest first.</summary>
    /// <param name="job">Of which job; null for all.</param>
    /// <param name="limit">How many at most.</param>
    public async Task<IReadOnlyList<TrainingRecord>> ListAsync(string? job, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<TrainingRecord>(new CommandDefinition(Select, new { job, limit }, cancellationToken: cancellationToken))];
    }

    private async Task ExecuteAsync(string statement, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(statement, parameters, cancellationToken: cancellationToken));
    }

    private sealed class Lock(NpgsqlConnection connection, string job) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await using (connection)
            {
                if (connection.State is System.Data.ConnectionState.Open)
                    await connection.ExecuteAsync(Unlock, new { job });
            }
        }
    }
}
