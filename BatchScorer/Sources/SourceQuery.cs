using BatchScorer.Postgres;

namespace BatchScorer.Sources;

/// <summary>
/// The SQL that reads a source. COPY takes no parameters, so values go into settings of the transaction
/// (<see cref="SourceSettings"/>) and the text refers to them: no value is ever part of it.
/// </summary>
internal sealed class SourceQuery(SourceLayout layout)
{
    /// <summary>The cursor that <see cref="DeclareKeys"/> declares.</summary>
    public const string KeysCursor = "batchscorer_keys";

    private readonly string key = ColumnList(layout.Key);

    /// <summary>The rows of a chunk, in key order, as binary COPY.</summary>
    public string CopyChunk(KeyRange keys, CursorRange window) =>
        $"""
        COPY (
            {Rows(layout.Columns, keys, window)}
            ORDER BY {key}
        ) TO STDOUT (FORMAT BINARY)
        """;

    /// <summary>Some rows of a window, whichever the server finds first, as binary COPY.</summary>
    public string CopySample(CursorRange window, int mostRows) =>
        $"""
        COPY (
            SELECT * FROM (
                {Rows(layout.Columns, KeyRange.All, window)}
            ) AS source
            LIMIT {mostRows}
        ) TO STDOUT (FORMAT BINARY)
        """;

    /// <summary>All the rows of a window, for staging.</summary>
    /// <param name="window">Which cursor values.</param>
    /// <param name="condition">A further condition on <c>source</c>, or null.</param>
    public string Select(CursorRange window, string? condition) =>
        Rows(layout.Columns, KeyRange.All, window, condition);

    /// <summary>Declares the cursor <see cref="KeysCursor"/> over the keys of the rows to read, as texts in the keys' order: <c>key text[]</c>.</summary>
    public string DeclareKeys(KeyRange keys, CursorRange window) =>
        $"""
        DECLARE {KeysCursor} NO SCROLL CURSOR FOR
        SELECT ARRAY[{string.Join(", ", layout.Key.Select(column => $"{Quoted(column)}::text"))}] AS key
        FROM (
            {Rows(layout.Key, keys, window)}
        ) AS source
        ORDER BY {key}
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

    /// <summary>The rows of a window, and those without an outcome in the tail below it. One that moves from one to the other is in either, never in both.</summary>
    private string Rows(IReadOnlyList<SourceColumn> columns, KeyRange keys, CursorRange window, string? condition = null)
    {
        var inKeys = KeyConditions(keys);
        var inWindow = Rows(columns, [.. WindowConditions(window), .. inKeys, .. condition is null ? [] : new[] { condition }], layout.KeysFirst);
        if (window.From is null || window.Lookback is null)
            return inWindow;
        // A row may have been rejected since the filter fails on it: it is asked about rows without an outcome only.
        return $"{inWindow}\nUNION ALL\n{Rows(columns, [.. TailConditions(layout.Cursor!), .. inKeys, layout.WithoutOutcome!], filterLast: true)}";
    }

    private string Rows(IReadOnlyList<SourceColumn> columns, IReadOnlyList<string> conditions, bool filterLast)
    {
        var rows = $"SELECT * FROM (SELECT * FROM {layout.Relation}) AS source WHERE {All(conditions)}";
        if (layout.Filter is null)
            return $"SELECT {ColumnList(columns)} FROM ({rows}) AS source";
        // The server does not move a condition into a subquery that has an OFFSET.
        return $"SELECT {ColumnList(columns)} FROM ({rows}{(filterLast ? " OFFSET 0" : "")}) AS source WHERE ({layout.Filter}\n)";
    }

    private static string All(IReadOnlyList<string> conditions) => conditions.Count == 0 ? "true" : string.Join("\n    AND ", conditions);

    private List<string> WindowConditions(CursorRange window)
    {
        var conditions = new List<string>();
        if (window.From is not null)
            conditions.Add($"{Quoted(layout.Cursor!)} >= {SourceSettings.WindowFrom.Reference(layout.Cursor!)}");
        if (window.To is not null)
            conditions.Add($"{Quoted(layout.Cursor!)} < {SourceSettings.WindowTo.Reference(layout.Cursor!)}");
        return conditions;
    }

    // The difference stays within bigint, however far down it would be.
    private static IReadOnlyList<string> TailConditions(SourceColumn cursor)
    {
        var (from, lookback) = (SourceSettings.WindowFrom, SourceSettings.Lookback);
        return
        [
            cursor.Family is WireFamily.Integer
                ? $"{Quoted(cursor)} >= greatest({from.As("bigint")}, {lookback.As("bigint")} - 9223372036854775807) - {lookback.As("bigint")}"
                : $"{Quoted(cursor)} >= {from.Reference(cursor)} - {lookback.As("interval")}",
            $"{Quoted(cursor)} < {from.Reference(cursor)}",
        ];
    }

    private List<string> KeyConditions(KeyRange keys)
    {
        var conditions = new List<string>();
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
