using BatchScorer.Batches;
using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Sources;

/// <summary>Reads a table of a test's database the way a run does.</summary>
internal static class SourceReading
{
    public static readonly KeyRange AllKeys = new(null, null);

    public static readonly CursorRange AnyTime = new(null, null);

    public static async Task<SourceLayout> LayoutAsync(
        TestDatabase database, string table, string[] key, (string Column, ColumnType Type)[] inputs, string? cursor = null, string[]? carry = null, string? filter = null)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        var source = await SourceCatalog.DescribeTableAsync(connection, QualifiedName.Parse(table), CancellationToken.None);
        return new SourceLayout(
            source.Relation,
            [.. key.Select(name => source.Find(name)!)],
            cursor is null ? null : source.Find(cursor),
            [.. (carry ?? []).Select(name => source.Find(name)!)],
            [.. inputs.Select((input, i) => new InputMapping(new ModelColumn($"Input{i}", input.Type), source.Find(input.Column)!))],
            filter);
    }

    /// <summary>Reads a whole chunk in batches and hands each to the caller.</summary>
    public static async Task<List<RejectedRow>> ReadAsync(
        TestDatabase database, SourceLayout layout, Action<SourceBatch> each, KeyRange? keys = null, CursorRange? window = null, int capacity = 1024)
    {
        var rejected = new List<RejectedRow>();
        var batch = new SourceBatch(layout, capacity);
        var decoders = FieldDecoder.Bind(layout, batch);
        await using var reader = await ChunkReader.OpenAsync(database.DataSource, layout, keys ?? AllKeys, window ?? AnyTime, TimeSpan.FromMinutes(1), CancellationToken.None);
        bool more;
        do
        {
            more = await reader.ReadAsync(new DecodedRows(batch, decoders, rejected), beside: null, CancellationToken.None);
            each(batch);
        }
        while (more);
        return rejected;
    }

    /// <summary>Reads a chunk's keys, composite ones joined by a bar.</summary>
    public static async Task<List<string>> ReadKeysAsync(
        TestDatabase database, SourceLayout layout, KeyRange? keys = null, CursorRange? window = null, int capacity = 1024)
    {
        var found = new List<string>();
        await ReadAsync(database, layout, batch => found.AddRange(Enumerable.Range(0, batch.RowCount).Select(row => string.Join('|',
            layout.Key.Select((column, i) => KeyText.Read(column.Family, batch.PassThrough[i][row]))))), keys, window, capacity);
        return found;
    }
}
