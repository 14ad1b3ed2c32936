using System.Runtime.CompilerServices;
using BatchScorer.Batches;
using Dapper;
using Npgsql;

namespace BatchScorer.Sources;

/// <summary>A source row in the form in which rejected rows are kept.</summary>
/// <param name="Key">JSON object with the key columns.</param>
/// <param name="SourceCursor">The cursor's value as text, or null when the job has none.</param>
/// <param name="Row">JSON object with every column that was read.</param>
internal sealed record SourceRowJson(string Key, string? SourceCursor, string Row)
{
    // The server sorts what it answers at once.
    private const int RowsAtOnce = 256;

    /// <summary>
    /// The rows with these keys, in the order of the keys, from the connection's current snapshot. They come one by one: all rows of
    /// a chunk may be wanted, and each be long.
    /// </summary>
    public static async IAsyncEnumerable<SourceRowJson> ReadAsync(
        NpgsqlConnection connection, SourceLayout layout, IReadOnlyList<RejectedRow> wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new SourceQuery(layout).RowsAsJson();
        foreach (var some in wanted.Chunk(RowsAtOnce))
        {
            var parameters = new DynamicParameters();
            for (var i = 0; i < layout.Key.Count; i++)
                parameters.Add($"key{i + 1}", some.Select(row => row.Key[i]).ToArray());
            await foreach (var row in connection.QueryUnbufferedAsync<SourceRowJson>(query, parameters).WithCancellation(cancellationToken))
                yield return row;
        }
    }
}
