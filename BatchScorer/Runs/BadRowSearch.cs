using System.Diagnostics;
using BatchScorer.Batches;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Sources;

namespace BatchScorer.Runs;

/// <summary>
/// Scores a chunk that failed on its data: its key range is halved again and again until what fails is a single row. That one is
/// rejected; all others are scored. Each bad row among n costs about 2·log2(n) small reads, and memory what one batch takes.
/// </summary>
/// <remarks>
/// Ranges are taken in the order of their keys, so that what has been done can be kept at any time. With more bad rows than the run may
/// reject, or when half of <c>limits.chunkTime</c> is over, the chunk ends where the search has come to, and the rest becomes one of its own.
/// </remarks>
/// <param name="run">The run.</param>
/// <param name="database">Where its source and the ledger are.</param>
/// <param name="scorer">Scores the parts.</param>
/// <param name="mostRejected">How many rows the run may reject; null for any number.</param>
internal sealed class BadRowSearch(PreparedRun run, Database database, ChunkScorer scorer, int? mostRejected)
{
    private const string Part = "part";

    // The job's condition may be what fails, so rows are counted without it.
    private readonly SourceLayout unfiltered = run.SourceOfModel with { Filter = null };

    /// <summary>Scores the rows that can be, in the lease's transaction, in which nothing of the chunk is written yet.</summary>
    /// <param name="lease">The chunk.</param>
    /// <param name="cause">Why it failed as a whole.</param>
    public async Task<ChunkOutcome> ScoreAsync(ChunkLease lease, Exception cause, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var toDo = new Stack<KeyRange>();
        var total = await DivideAsync(lease, lease.Chunk.Keys, cause, toDo, cancellationToken);
        while (toDo.TryPop(out var keys))
        {
            if (total.RowsRead > 0 && IsEnough(total, Stopwatch.GetElapsedTime(started)))
            {
                await ChunkStore.SplitAsync(
                    lease.Connection, run.Run.Id, lease.Chunk.ChunkNo, [lease.Chunk.Keys with { To = keys.From }, lease.Chunk.Keys with { From = keys.From }], cancellationToken);
                break;
            }

            total += await ScorePartAsync(lease, keys, toDo, cancellationToken);
        }

        return total;
    }

    private bool IsEnough(ChunkOutcome done, TimeSpan elapsed) => done.RowsRejected > mostRejected || elapsed > run.Run.Manifest.Job.Limits.ChunkTime / 2;

    private async Task<ChunkOutcome> ScorePartAsync(ChunkLease lease, KeyRange keys, Stack<KeyRange> toDo, CancellationToken cancellationToken)
    {
        await lease.Transaction.SaveAsync(Part, cancellationToken);
        try
        {
            var outcome = await scorer.ScorePartAsync(database.Readers, lease.Connection, lease.Chunk.ChunkNo, keys, cancellationToken);
            await lease.Transaction.ReleaseAsync(Part, cancellationToken);
            return outcome;
        }
        catch (Exception fault) when (ChunkFault.IsOfData(fault))
        {
            await lease.Transaction.RollbackAsync(Part, cancellationToken);
            await lease.Transaction.ReleaseAsync(Part, cancellationToken);
            return await DivideAsync(lease, keys, fault, toDo, cancellationToken);
        }
    }

    /// <summary>Puts the halves of a range that fails on what is to do, the first on top, or rejects its one row.</summary>
    private async Task<ChunkOutcome> DivideAsync(ChunkLease lease, KeyRange keys, Exception cause, Stack<KeyRange> toDo, CancellationToken cancellationToken)
    {
        var (halves, single) = await HalveAsync(keys, cancellationToken);
        foreach (var half in halves.Reverse())
            toDo.Push(half);
        if (single is not null)
            await RejectAsync(lease, single, cause, cancellationToken);
        var rejected = single is null ? 0 : 1;
        return new ChunkOutcome(lease.Chunk.ChunkNo, rejected, rejected, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
    }

    /// <summary>Halves a range by the rows in it, or gives its one row.</summary>
    private async Task<(IReadOnlyList<KeyRange> Halves, SourceRowJson? Single)> HalveAsync(KeyRange keys, CancellationToken cancellationToken)
    {
        await using var connection = await database.Readers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await ReadOnlyTransaction.BeginAsync(connection, cancellationToken);
        await SourceSettings.ApplyAsync(connection, keys, run.Run.Window, cancellationToken);
        var whole = await ChunkCutter.CutAsync(connection, unfiltered, keys, run.Run.Window, int.MaxValue, cancellationToken);
        if (whole.Rows > 1)
            return ((await ChunkCutter.CutAsync(connection, unfiltered, keys, run.Run.Window, (int)((whole.Rows + 1) / 2), cancellationToken)).Ranges, null);
        // A row that is gone by now needs no outcome.
        return ([], whole.FirstKey is null ? null : await SourceRowJson.ReadAsync(connection, unfiltered, [new RejectedRow(whole.FirstKey, null, "")], cancellationToken).SingleAsync(cancellationToken));
    }

    private Task RejectAsync(ChunkLease lease, SourceRowJson row, Exception cause, CancellationToken cancellationToken) => RejectedRowWriter.WriteAsync(
        lease.Connection,
        run.Run.Job,
        new PredictionOrigin(run.Run.Id, lease.Chunk.ChunkNo, run.Run.PlannedOn),
        new[] { new RejectedRowRecord(row.Key, null, ChunkFault.Message(cause), row.SourceCursor, row.Row) }.ToAsyncEnumerable(),
        cancellationToken);
}
