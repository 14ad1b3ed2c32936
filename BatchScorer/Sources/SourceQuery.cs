using BatchScorer.Postgres;

namespace BatchScorer.Sources;

/// <summary>
/// The SQL that reads a source. COPY takes no parameters, so values go into settings of the transaction
/// (<see cref="SourceSettings"/>) and the text refers to them: no value is ever part of it.
/// </summary>
internal sealed class SourceQuery(SourceLayout layout)
{
    private readonly string key = ColumnList(layout.Key);

    /// <summary>The rows of a chunk, in key order, as binary COPY.</summary>
    public string CopyChunk(KeyRange keys, CursorRange window) =>
        $"""
        COPY (
            SELECT {ColumnList(layout.Columns)}
            FROM {(layout.KeysFirst ? Fenced(keys, window) : layout.Relation)}
            WHERE {(layout.KeysFirst ? Filter : Conditions(keys, window))}
            ORDER BY {key}
        ) TO STDOUT (FORMAT BINARY)
        """;

    /// <summary>All the rows of a window, for staging.</summary>
    /// <param name="window">Which cursor values.</param>
    /// <param name="condition">A further condition on <c>source</c>, or null.</param>
    public string Select(CursorRange window, string? condition) =>
        $"""
        SELECT {ColumnList(layout.Columns)}
        FROM (SELECT * FROM {layout.Relation}) AS source
        WHERE {Conditions(KeyRange.All, window)}{(condition is null ? "" : $"\n    AND {condition}")}
        """;

    /// <summary>
    /// Every <c>@chunkRows</c>-th key of the rows to read, from the first one on, as texts: <c>key text[], row_number bigint</c>.
    /// The last row comes too, so that the greatest row number is the number of rows.
    /// </summary>
    public string CutChunks(KeyRange keys, CursorRange window) =>
        $"""
        SELECT ARRAY[{string.Join(", ", layout.Key.Select(column => $"{Quoted(column)}::text"))}] AS key, row_number
        FROM (
            SELECT {key}, row_number() OVER by_key AS row_number, lead(1) OVER by_key IS NULL AS is_last
            FROM {layout.Relation}
            WHERE {Conditions(keys, window)}
            WINDOW by_key AS (ORDER BY {key})
        ) AS numbered
        WHERE (row_number - 1) % @chunkRows = 0 OR is_last
        ORDER BY row_number
        """;

    /// <summary>
    /// The rows with the keys in <c>@key1, @key2, …</c> (arrays of text, side by side) as JSON, in the order of the keys:
    /// <c>key jsonb, source_cursor text, row jsonb</c>.
    /// </summary>
    public string RowsAsJson()
    {
        var names = layout.Key.Select((column, i) => (Column: column, Wanted: $"wanted.k{i + 1}", Parameter: $"@key{i + 1}")).ToList();
        return $"""
            SELECT jsonb_build_object({string.Join(", ", layout.Key.Select(column => $"{SqlLiteral.Quote(column.Name)}, source.{Quoted(column)}"))}) AS key,
                   {(layout.Cursor is null ? "NULL" : $"source.{Quoted(layout.Cursor)}")}::text AS source_cursor,
                   to_jsonb(picked) AS row
            FROM unnest({string.Join(", ", names.Select(name => name.Parameter))}) WITH ORDINALITY AS wanted ({string.Join(", ", names.Select((_, i) => $"k{i + 1}"))}, place)
            JOIN {layout.Relation} AS source ON {string.Join(" AND ", names.Select(name => $"source.{Quoted(name.Column)} = {name.Wanted}::{name.Column.SqlType}"))}
            CROSS JOIN LATERAL (SELECT {string.Join(", ", layout.Columns.Select(column => $"source.{Quoted(column)}"))}) AS picked
            ORDER BY place
            """;
    }

    private string Conditions(KeyRange keys, CursorRange window)
    {
        var conditions = RangeConditions(keys, window);
        if (layout.Filter is not null)
            conditions.Add(Filter);
        return conditions.Count == 0 ? "true" : string.Join("\n    AND ", conditions);
    }

    // The server does not move a condition into a subquery that has an OFFSET.
    private string Fenced(KeyRange keys, CursorRange window) =>
        $"(SELECT * FROM {layout.Relation} WHERE {string.Join(" AND ", RangeConditions(keys, window).DefaultIfEmpty("true"))} OFFSET 0) AS source";

    private string Filter => layout.Filter is null ? "true" : $"({layout.Filter}\n)";

    private List<string> RangeConditions(KeyRange keys, CursorRange window)
    {
        var conditions = new List<string>();
        if (window.From is not null)
            conditions.Add($"{Quoted(layout.Cursor!)} >= {SourceSettings.WindowFrom.Reference(layout.Cursor!)}");
        if (window.To is not null)
            conditions.Add($"{Quoted(layout.Cursor!)} < {SourceSettings.WindowTo.Reference(layout.Cursor!)}");
        if (keys.From is not null)
            conditions.Add($"({key}) >= ({KeySettings(SourceSettings.KeyFrom)})");
        if (keys.To is not null)
            conditions.Add($"({key}) < ({KeySettings(SourceSettings.KeyTo)})");
        return conditions;
    }

    private string KeySettings(Func<int, SourceSetting> setting) =>
        string.Join(", ", layout.Key.Select((column, i) => setting(i).Reference(column)));

    private static string ColumnList(IEnumerable<SourceColumn> columns) => string.Join(", ", columns.Select(Quoted));

    private static string Quoted(SourceColumn column) => SqlIdentifier.Quote(column.Name);
}
