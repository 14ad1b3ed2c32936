using BatchScorer.Postgres;
using BatchScorer.Sources;

namespace BatchScorer.Exchange.Export;

/// <summary>Makes the query whose rows are exported, each value in the form in which it stands in a file.</summary>
internal static class ExportQuery
{
    // Types whose values are numbers, times and the like, by their identifiers in pg_type.dat: no spreadsheet takes one for a formula.
    private static readonly HashSet<uint> Harmless = [16, 20, 21, 23, 700, 701, 1700, 1082, 1083, 1114, 1184, 2950];

    private const uint Boolean = 16;

    /// <summary>The beginnings that make spreadsheets take a text for a formula (OWASP, "CSV Injection").</summary>
    private const string FormulaBeginnings = "=+-@\t\r";

    /// <summary>The SELECT.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="condition">A condition that was checked, or null.</param>
    /// <param name="raw">Whether texts that look like formulas stay as they are.</param>
    public static string For(SourceDescription source, string? condition, bool raw) =>
        $"""
        SELECT {string.Join(", ", source.Columns.Select(column => $"{Value(column, raw)} AS {Name(column, raw)}"))}
        FROM (SELECT * FROM {source.Relation}) AS source
        {(condition is null ? "" : $"WHERE ({condition}\n)")}
        """;

    private static string Value(SourceColumn column, bool raw)
    {
        var name = SqlIdentifier.Quote("source", column.Name);
        if (column.TypeId == Boolean)
            return $"{name}::text";
        return raw || Harmless.Contains(column.TypeId)
            ? name
            : $"CASE WHEN {name}::text ~ '^[-=+@\\t\\r]' THEN '''' || {name}::text ELSE {name}::text END";
    }

    private static string Name(SourceColumn column, bool raw) =>
        SqlIdentifier.Quote(!raw && FormulaBeginnings.Contains(column.Name[0], StringComparison.Ordinal) ? $"'{column.Name}" : column.Name);
}
