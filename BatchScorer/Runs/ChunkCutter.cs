using BatchScorer.Sources;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>The chunks of a run: consecutive key ranges, the first and the last open, so that together they hold every key.</summary>
/// <param name="Ranges">In key order; empty when there is nothing to read.</param>
/// <param name="Rows">Rows there were when they were cut.</param>
internal sealed record ChunkCuts(IReadOnlyList<KeyRange> Ranges, long Rows);

/// <summary>Cuts a run's rows into chunks of about as many rows as the job wants.</summary>
internal static class ChunkCutter
{
    /// <summary>Cuts in one pass over the keys, in a snapshot of its own.</summary>
    public static async Task<ChunkCuts> CutAsync(
        NpgsqlDataSource readers, SourceLayout layout, CursorRange window, int chunkRows, CancellationToken cancellationToken)
    {
        await using var connection = await readers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await ReadOnlyTransaction.BeginAsync(connection, cancellationToken);
        await SourceSettings.ApplyAsync(connection, new KeyRange(null, null), window, cancellationToken);
        return await CutAsync(connection, layout, window, chunkRows, cancellationToken);
    }

    /// <summary>Cuts in the caller's transaction, in which the window is set.</summary>
    public static async Task<ChunkCuts> CutAsync(
        NpgsqlConnection connection, SourceLayout layout, CursorRange window, int chunkRows, CancellationToken cancellationToken)
    {
        var cuts = (await connection.QueryAsync<(string[] Key, long RowNumber)>(new CommandDefinition(
            new SourceQuery(layout).CutChunks(window), new { chunkRows }, cancellationToken: cancellationToken))).AsList();

        var rows = cuts.Count == 0 ? 0 : cuts[^1].RowNumber;
        var starts = cuts.Where(cut => (cut.RowNumber - 1) % chunkRows == 0).Select(cut => cut.Key).ToList();
        var ranges = starts.Select((_, i) => new KeyRange(i == 0 ? null : starts[i], i + 1 < starts.Count ? starts[i + 1] : null));
        return new ChunkCuts([.. ranges], rows);
    }
}
