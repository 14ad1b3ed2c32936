using BatchScorer.Batches;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Sources;

namespace BatchScorer.Runs;

/// <summary>
/// Scores a chunk that failed on its data: its key range is halved again and again until what fails is a single row. That one is
/// rejected; all others are scored. Each bad row among n costs about 2·log2(n) small reads, and memory what one batch takes.
/// </summary>
internal sealed class BadRowSearch(PreparedRun run, Database database, ChunkScorer scorer)
{
    private const string Half = "half";

    // The job's condition may be what fails, so rows are counted without it.
    private readonly SourceLayout unfiltered = run.Source with { Filter = null };

    /// <summary>Scores the rows that can be, in the lease's transaction, in which nothing of the chunk is written yet.</summary>
    /// <param name="lease">The chunk.</param>
    /// <param name="cause">Why it failed as a whole.</param>
    public async Task<ChunkOutcome> ScoreAsync(ChunkLease lease, Exception cause, CancellationToken cancellationToken)
    {
        var total = new ChunkOutcome(lease.Chunk.ChunkNo, 0, 0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        var failing = new Stack<(KeyRange Keys, Exception Cause)>();
        failing.Push((lease.Chunk.Keys, cause));
        while (failing.TryPop(out var range))
        {
            var (halves, single) = await HalveAsync(range.Keys, cancellationToken);
            if (single is not null)
            {
                await RejectAsync(lease, single, range.Cause, cancellationToken);
                total = total with { RowsRead = total.RowsRead + 1, RowsRejected = total.RowsRejected + 1 };
            }

            foreach (var half in halves)
            {
                await lease.Transaction.SaveAsync(Half, cancellationToken);
                try
                {
                    total += await scorer.ScorePartAsync(database.Readers, lease.Connection, lease.Chunk.ChunkNo, half, cancellationToken);
                }
                catch (Exception fault) when (ChunkFault.IsOfData(fault))
                {
                    await lease.Transaction.RollbackAsync(Half, cancellationToken);
                    failing.Push((half, fault));
                }

                await lease.Transaction.ReleaseAsync(Half, cancellationToken);
            }
        }

        return total;
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
        return ([], whole.FirstKey is null ? null : await SourceRowJson.ReadAsync(connection, run.Source, [new RejectedRow(whole.FirstKey, null, "")], cancellationToken).SingleAsync(cancellationToken));
    }

    private Task RejectAsync(ChunkLease lease, SourceRowJson row, Exception cause, CancellationToken cancellationToken) => RejectedRowWriter.WriteAsync(
        lease.Connection,
        run.Run.Job,
        new PredictionOrigin(run.Run.Id, lease.Chunk.ChunkNo, run.Run.PlannedOn),
        new[] { new RejectedRowRecord(row.Key, null, ChunkFault.Message(cause), row.SourceCursor, row.Row) }.ToAsyncEnumerable(),
        cancellationToken);
}
