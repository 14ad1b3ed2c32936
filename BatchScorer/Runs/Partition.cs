using BatchScorer.Checkpoints;
using BatchScorer.Postgres;

namespace BatchScorer.Runs;

/// <summary>A worker that takes a run's chunks one after the other.</summary>
internal sealed class Partition(PreparedRun run, Database database, ChunkSelection selection, RetryPolicy retry, Action<ChunkOutcome> done)
{
    // How long a worker that is being stopped tries to say so.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly ChunkScorer scorer = new(run);
    private readonly Reconnection reconnection = new(database, retry.Outage);

    /// <summary>Works on one chunk, and writes into the ledger what became of it.</summary>
    /// <returns>False when there is none to work on that nobody else holds.</returns>
    public async Task<bool> TakeChunkAsync(CancellationToken cancellationToken)
    {
        await using var lease = await reconnection.DoAsync(
            () => ChunkLease.TakeAsync(database.Writers, selection, run.Run.Manifest.Job.Limits.ChunkTime, cancellationToken), cancellationToken);
        if (lease is null)
            return false;
        if (lease.Chunk.Attempts >= retry.Attempts)
        {
            await GiveUpAsync(lease, cancellationToken);
            return true;
        }

        await Checkpoint.ReachAsync(Checkpoint.AfterClaim, cancellationToken);
        if (await reconnection.DoAsync(() => AttemptStore.NoteAsync(database.Writers, run.Run.Id, lease, cancellationToken), cancellationToken) is { } attemptId)
            await AttemptAsync(lease, attemptId, cancellationToken);
        return true;
    }

    private async Task AttemptAsync(ChunkLease lease, long attemptId, CancellationToken cancellationToken)
    {
        try
        {
            await WorkAsync(lease, attemptId, cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            await lease.DisposeAsync();
            await NoteStopAsync(attemptId);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception cause)
        {
            await FailAsync(lease, attemptId, cause, cancellationToken);
        }
    }

    private async Task WorkAsync(ChunkLease lease, long attemptId, CancellationToken cancellationToken)
    {
        var outcome = await scorer.ScoreAsync(database.Readers, lease.Connection, lease.Chunk, cancellationToken);
        await ChunkStore.MarkDoneAsync(lease.Connection, run.Run.Id, outcome, cancellationToken);
        await AttemptStore.EndAsync(lease.Connection, attemptId, "done", cancellationToken);
        await Checkpoint.ReachAsync(Checkpoint.BeforeCommit, cancellationToken);
        await lease.CommitAsync(cancellationToken);
        await Checkpoint.ReachAsync(Checkpoint.AfterCommit, cancellationToken);
        done(outcome);
    }

    private async Task FailAsync(ChunkLease lease, long attemptId, Exception fault, CancellationToken cancellationToken)
    {
        var attempts = lease.Chunk.Attempts + 1;
        var canPass = PassingFault.Is(fault);
        var cause = ChunkFault.Message(fault);
        var error = lease.Chunk.FirstError ?? cause;
        TimeSpan? delay = canPass && attempts < retry.Attempts ? retry.DelayAfter(attempts) : null;
        if (canPass && delay is null)
            error += $" (given up after {attempts} attempts)";

        // As long as the lease is there nobody else can take the chunk before it is marked.
        var marked = await lease.TryReplaceAsync(
            connection => ChunkStore.MarkFailedAsync(connection, attemptId, cause, error, delay, cancellationToken), cancellationToken);
        if (marked)
            return;
        await lease.DisposeAsync();
        await reconnection.DoAsync(
            async () =>
            {
                await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
                await ChunkStore.MarkFailedAsync(connection, attemptId, cause, error, delay, cancellationToken);
            },
            cancellationToken);
    }

    private async Task GiveUpAsync(ChunkLease lease, CancellationToken cancellationToken)
    {
        var first = lease.Chunk.FirstError is { } error ? $"; the first cause that was noted is: {error}" : "";
        await ChunkStore.GiveUpAsync(lease.Connection, run.Run.Id, lease.Chunk.ChunkNo,
            $"given up after {lease.Chunk.Attempts} attempts whose workers died or failed{first}. Its rows may be what kills them: see scoring.chunk_attempts for the hosts, and their logs",
            cancellationToken);
        await lease.CommitAsync(cancellationToken);
    }

    private async Task NoteStopAsync(long attemptId)
    {
        using var limit = new CancellationTokenSource(LastWords);
        try
        {
            await using var connection = await database.Writers.OpenConnectionAsync(limit.Token);
            await AttemptStore.EndAsync(connection, attemptId, "stopped", limit.Token);
        }
        catch (Exception fault) when (ConnectionLoss.Is(fault) || fault is OperationCanceledException)
        {
            // Unsaid it counts as an attempt whose worker died, which costs the chunk one of several.
        }
    }
}
