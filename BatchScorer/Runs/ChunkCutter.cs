using BatchScorer.Sources;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>Consecutive key ranges that together hold every key of the range that was cut, those between its rows too.</summary>
/// <param name="Ranges">In key order; empty when there is nothing to read.</param>
/// <param name="Rows">Rows there were when they were cut.</param>
/// <param name="FirstKey">The first of them; null when there was none.</param>
internal sealed record ChunkCuts(IReadOnlyList<KeyRange> Ranges, long Rows, IReadOnlyList<string>? FirstKey);

/// <summary>Cuts a run's rows, or a chunk's, into chunks of so many rows.</summary>
internal static class ChunkCutter
{
    /// <summary>Cuts in one pass over the keys, in a snapshot of its own.</summary>
    public static async Task<ChunkCuts> CutAsync(
        NpgsqlDataSource readers, SourceLayout layout, KeyRange keys, CursorRange window, int chunkRows, CancellationToken cancellationToken)
    {
        await using var connection = await readers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await ReadOnlyTransaction.BeginAsync(connection, cancellationToken);
        await SourceSettings.ApplyAsync(connection, keys, window, cancellationToken);
        return await CutAsync(connection, layout, keys, window, chunkRows, cancellationToken);
    }

    /// <summary>Cuts in the caller's transaction, in which keys and window are set.</summary>
    public static async Task<ChunkCuts> CutAsync(
        NpgsqlConnection connection, SourceLayout layout, KeyRange keys, CursorRange window, int chunkRows, CancellationToken cancellationToken)
    {
        var cuts = (await connection.QueryAsync<(string[] Key, long RowNumber)>(new CommandDefinition(
            new SourceQuery(layout).CutChunks(keys, window), new { chunkRows }, cancellationToken: cancellationToken))).AsList();

        var rows = cuts.Count == 0 ? 0 : cuts[^1].RowNumber;
        var starts = cuts.Where(cut => (cut.RowNumber - 1) % chunkRows == 0).Select(cut => cut.Key).ToList();
        var ranges = starts.Select((_, i) => new KeyRange(i == 0 ? keys.From : starts[i], i + 1 < starts.Count ? starts[i + 1] : keys.To));
        return new ChunkCuts([.. ranges], rows, starts.FirstOrDefault());
    }
}
