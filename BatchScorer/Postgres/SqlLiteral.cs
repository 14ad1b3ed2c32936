namespace BatchScorer.Postgres;

/// <summary>Texts as SQL literals, for statements that take no parameters, such as COMMENT. Everything else uses parameters.</summary>
internal static class SqlLiteral
{
    /// <remarks>With <c>standard_conforming_strings</c>, the default since 9.1, only the quote itself needs doubling.</remarks>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
