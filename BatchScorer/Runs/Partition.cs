using BatchScorer.Checkpoints;
using BatchScorer.Postgres;

namespace BatchScorer.Runs;

/// <summary>A worker that takes a run's chunks one after the other.</summary>
internal sealed class Partition(PreparedRun run, Database database)
{
    private readonly ChunkScorer scorer = new(run);

    /// <summary>Scores one chunk. The transaction that holds its outcomes and its mark is also the lease on it.</summary>
    /// <returns>Null when no chunk is pending that nobody else holds.</returns>
    /// <exception cref="ChunkFailedException">The chunk failed; it has been rolled back and marked.</exception>
    public async Task<ChunkOutcome?> TakeChunkAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var chunk = await ChunkStore.ClaimAsync(connection, run.Run.Id, cancellationToken);
        if (chunk is null)
            return null;
        try
        {
            await Checkpoint.ReachAsync(Checkpoint.AfterClaim, cancellationToken);
            await ChunkStore.LimitTimeAsync(connection, run.Run.Manifest.Job.Limits.ChunkTime, cancellationToken);
            await ChunkStore.NoteAttemptAsync(database.Writers, run.Run.Id, chunk.ChunkNo, connection.ProcessID, cancellationToken);
            var outcome = await scorer.ScoreAsync(database.Readers, connection, chunk, cancellationToken);
            await ChunkStore.MarkDoneAsync(connection, run.Run.Id, outcome, cancellationToken);
            await Checkpoint.ReachAsync(Checkpoint.BeforeCommit, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            await Checkpoint.ReachAsync(Checkpoint.AfterCommit, cancellationToken);
            return outcome;
        }
        catch (Exception cause) when (!cancellationToken.IsCancellationRequested)
        {
            await transaction.DisposeAsync();
            await ChunkStore.MarkFailedAsync(database.Writers, run.Run.Id, chunk.ChunkNo, cause.Message, cancellationToken);
            throw new ChunkFailedException(chunk.ChunkNo, cause);
        }
    }
}

/// <summary>A chunk could not be scored.</summary>
internal sealed class ChunkFailedException(int chunkNo, Exception cause) : Exception($"chunk {chunkNo}: {cause.Message}", cause);
