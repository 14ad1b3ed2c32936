using BatchScorer.Checkpoints;
using BatchScorer.Postgres;
using BatchScorer.Runs.Challengers;
using BatchScorer.Runs.Watching;
using BatchScorer.Telemetry;

namespace BatchScorer.Runs;

/// <summary>A worker that takes a run's chunks one after the other.</summary>
internal sealed class Partition
{
    // How long a worker that is being stopped tries to tell the server.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly PreparedRun run;
    private readonly Database database;
    private readonly ChunkSelection selection;
    private readonly RetryPolicy retry;
    private readonly ChunkJournal journal;
    private readonly ChunkScorer scorer;
    private readonly BadRowSearch search;
    private readonly Reconnection reconnection;

    /// <param name="run">The run.</param>
    /// <param name="database">Where its source and the ledger are.</param>
    /// <param name="selection">Which of its chunks.</param>
    /// <param name="retry">How often one is tried.</param>
    /// <param name="mostRejected">How many rows the run may reject; null for any number.</param>
    /// <param name="journal">Told what became of each.</param>
    public Partition(PreparedRun run, Database database, ChunkSelection selection, RetryPolicy retry, int? mostRejected, ChunkJournal journal)
    {
        this.run = run;
        this.database = database;
        this.selection = selection;
        this.retry = retry;
        this.journal = journal;
        scorer = new ChunkScorer(run);
        search = new BadRowSearch(run, database, scorer, mostRejected);
        reconnection = new Reconnection(database, retry.Outage);
    }

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
        if (await NoteAsync(lease, cancellationToken) is { } attemptId)
            await AttemptAsync(lease, attemptId, cancellationToken);
        return true;
    }

    private async Task<long?> NoteAsync(ChunkLease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await reconnection.DoAsync(() => AttemptStore.NoteAsync(database.Writers, run.Run.Id, lease, cancellationToken), cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The server may have written the note all the same, and without an end it would count as an attempt whose worker died.
            await StopAsync(lease);
            throw;
        }
    }

    private async Task AttemptAsync(ChunkLease lease, long attemptId, CancellationToken cancellationToken)
    {
        using var span = RunSpans.Chunk(run.Run.Job, run.Run.Id, lease.Chunk.ChunkNo, lease.Chunk.Attempts + 1);
        lease.EndWhen(() => StopAsync(lease), cancellationToken);
        try
        {
            await WorkAsync(lease, attemptId, cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception cause)
        {
            await FailAsync(lease, attemptId, cause, cancellationToken);
        }
    }

    private async Task WorkAsync(ChunkLease lease, long attemptId, CancellationToken cancellationToken)
    {
        if (await ScoreAsync(lease, cancellationToken) is not { } outcome)
        {
            await SplitAsync(lease, attemptId, cancellationToken);
            return;
        }

        await ChunkStore.MarkDoneAsync(lease.Connection, run.Run.Id, outcome, cancellationToken);
        if (outcome.Profile is { } profile)
            await ChunkProfiles.WriteAsync(lease.Connection, run.Run.Id, outcome.ChunkNo, profile, cancellationToken);
        if (run.Run.Manifest.Challenger is not null)
            await ChallengeAsync(lease, outcome.Challenger, cancellationToken);
        await AttemptStore.EndAsync(lease.Connection, attemptId, "done", cancellationToken);
        await Checkpoint.ReachAsync(Checkpoint.BeforeCommit, cancellationToken);
        await lease.CommitAsync(cancellationToken);
        await Checkpoint.ReachAsync(Checkpoint.AfterCommit, cancellationToken);
        journal.Done(outcome);
        // What a chunk leaves goes with it, so that a run takes no more memory for having more chunks. The first collection since, by
        // another partition, has kept what was in use.
        GC.Collect(generation: 1);
    }

    private async Task ChallengeAsync(ChunkLease lease, ChallengerOutcome? outcome, CancellationToken cancellationToken)
    {
        var chunkNo = lease.Chunk.ChunkNo;
        outcome ??= ChallengerOutcome.LeftOut(run.ChallengerFault ?? "a row of the chunk could not be read or written, and was searched for without the challenger");
        await ChallengerChunks.WriteAsync(lease.Connection, run.Run.Id, chunkNo, outcome, cancellationToken);
        if (outcome.Fault is { } fault && run.ChallengerFault is null)
            journal.LeftOut(chunkNo, fault);
    }

    private async Task<ChunkOutcome?> ScoreAsync(ChunkLease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await scorer.ScoreAsync(database.Readers, lease.Connection, lease.Chunk, cancellationToken);
        }
        catch (Exception cause) when (ChunkFault.IsOfData(cause))
        {
            await lease.UndoAsync(cancellationToken);
            return await search.ScoreAsync(lease, cause, cancellationToken);
        }
    }

    private async Task SplitAsync(ChunkLease lease, long attemptId, CancellationToken cancellationToken)
    {
        await lease.UndoAsync(cancellationToken);
        var cuts = await ChunkCutter.CutAsync(
            database.Readers, run.Source, lease.Chunk.Keys, run.Run.Window, run.Run.Manifest.Job.Work.ChunkRows, cancellationToken);
        await ChunkStore.SplitAsync(lease.Connection, run.Run.Id, lease.Chunk.ChunkNo, cuts.Ranges, cancellationToken);
        await AttemptStore.EndAsync(lease.Connection, attemptId, "split", cancellationToken);
        await lease.CommitAsync(cancellationToken);
        journal.Split(lease.Chunk.ChunkNo, cuts.Ranges.Count);
    }

    private async Task FailAsync(ChunkLease lease, long attemptId, Exception fault, CancellationToken cancellationToken)
    {
        var attempts = lease.Chunk.Attempts + 1;
        var canPass = PassingFault.Is(fault);
        var cause = ChunkFault.Message(fault);
        var error = lease.Chunk.FirstError ?? cause;
        TimeSpan? delay = canPass && attempts < retry.Attempts ? retry.DelayAfter(attempts) : null;
        if (canPass && delay is null)
            error = GivenUp(error, attempts);
        journal.Failed(lease.Chunk.ChunkNo, attempts, fault, delay is null ? error : cause, delay);
        // The next attempt has connections of its own.
        if (ConnectionLoss.Is(fault))
            database.ForgetConnections();

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

    private static string GivenUp(string firstError, int attempts) => $"{firstError} (given up after {attempts} attempts)";

    private async Task GiveUpAsync(ChunkLease lease, CancellationToken cancellationToken)
    {
        var error = lease.Chunk.FirstError is { } first ? GivenUp(first, lease.Chunk.Attempts)
            : $"given up after {lease.Chunk.Attempts} attempts whose workers died. Its rows may be what kills them: see scoring.chunk_attempts for the hosts, and their logs";
        await ChunkStore.GiveUpAsync(lease.Connection, run.Run.Id, lease.Chunk.ChunkNo, error, cancellationToken);
        await lease.CommitAsync(cancellationToken);
        journal.GivenUp(lease.Chunk.ChunkNo, error);
    }

    private async Task StopAsync(ChunkLease lease)
    {
        using var limit = new CancellationTokenSource(LastWords);
        try
        {
            await using var connection = await database.Writers.OpenConnectionAsync(limit.Token);
            await AttemptStore.StopAsync(connection, run.Run.Id, lease, limit.Token);
        }
        catch (Exception fault) when (ConnectionLoss.Is(fault) || fault is OperationCanceledException)
        {
            // A server out of reach ends the transaction when it finds the process gone, and counts the attempt as one whose worker died.
        }
    }
}
