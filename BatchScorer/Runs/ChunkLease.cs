using System.Data;
using BatchScorer.Postgres;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>
/// A chunk that nobody else can work on: the transaction that is to hold its outcomes has locked its row. Whatever ends the
/// transaction, be it the death of this process, ends the lease, and leaves nothing behind.
/// </summary>
internal sealed class ChunkLease : IAsyncDisposable
{
    private const string Claimed = "claimed";

    private CancellationTokenRegistration stop;
    private Task stopping = Task.CompletedTask;

    private ChunkLease(NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimedChunk chunk)
    {
        Connection = connection;
        BackendPid = connection.ProcessID;
        Transaction = transaction;
        Chunk = chunk;
    }

    public NpgsqlConnection Connection { get; }

    /// <summary>The server's process that holds the lease; known also when the connection is lost.</summary>
    public int BackendPid { get; }

    public NpgsqlTransaction Transaction { get; }

    public ClaimedChunk Chunk { get; }

    /// <summary>Locks a chunk that is to be done and free.</summary>
    /// <param name="database">Where it is.</param>
    /// <param name="selection">Which chunks will do.</param>
    /// <param name="chunkTime">After which the server ends a statement, or a transaction in which no statement comes.</param>
    /// <returns>Null when there is none.</returns>
    public static async Task<ChunkLease?> TakeAsync(NpgsqlDataSource database, ChunkSelection selection, TimeSpan chunkTime, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await TransactionTime.LimitAsync(connection, chunkTime, cancellationToken);
            if (await ChunkStore.ClaimAsync(connection, selection, cancellationToken) is { } chunk)
            {
                await transaction.SaveAsync(Claimed, cancellationToken);
                return new ChunkLease(connection, transaction, chunk);
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

    /// <summary>
    /// Has something done once the token is cancelled, at the latest before the lease is disposed of, that ends the transaction
    /// whatever this process is waiting for by then: the end of a COPY cannot be cancelled in any other way.
    /// </summary>
    public void EndWhen(Func<Task> end, CancellationToken cancelled) => stop = cancelled.Register(() => stopping = end());

    /// <summary>Takes back everything since the claim.</summary>
    public Task UndoAsync(CancellationToken cancellationToken) => Transaction.RollbackAsync(Claimed, cancellationToken);

    /// <summary>Takes back everything since the claim, writes something else instead, and commits.</summary>
    /// <returns>False when the lease is lost.</returns>
    public async Task<bool> TryReplaceAsync(Func<NpgsqlConnection, Task> write, CancellationToken cancellationToken)
    {
        if (Connection.State is not ConnectionState.Open)
            return false;
        try
        {
            await UndoAsync(cancellationToken);
            await write(Connection);
            await CommitAsync(cancellationToken);
            return true;
        }
        catch (Exception fault) when (PassingFault.Is(fault))
        {
            return false;
        }
    }

    public Task CommitAsync(CancellationToken cancellationToken) => Transaction.CommitAsync(cancellationToken);

    /// <summary>Lets go of the chunk. What is not committed is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        // Once the connection is back in its pool it is no longer ours to end.
        await stop.DisposeAsync();
        await stopping;
        await Transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
