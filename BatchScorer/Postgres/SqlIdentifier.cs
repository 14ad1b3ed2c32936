using System.Text;
using BatchScorer.Errors;

namespace BatchScorer.Postgres;

/// <summary>Names of tables, columns and the like, made safe to stand in SQL.</summary>
internal static class SqlIdentifier
{
    /// <summary>PostgreSQL cuts longer names short without an error, and then two names may become one.</summary>
    public const int MaxBytes = 63;

    /// <summary>The name in double quotes, taken literally whatever is in it.</summary>
    /// <exception cref="BatchScorerException">No object can have this name.</exception>
    public static string Quote(string name)
    {
        var bytes = Encoding.UTF8.GetByteCount(name);
        if (bytes is 0 or > MaxBytes)
            throw Invalid(name, $"it has {bytes} bytes, expected 1 to {MaxBytes}: choose a {(bytes == 0 ? "longer" : "shorter")} name");
        if (name.Contains('\0', StringComparison.Ordinal))
            throw Invalid(name.Replace("\0", "\\0", StringComparison.Ordinal), "it contains the character NUL: leave that out");
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>The parts of a qualified name, each in quotes, with dots between: schema and table, or table and column.</summary>
    /// <exception cref="BatchScorerException">No object can have this name.</exception>
    public static string Quote(string qualifier, string name) => $"{Quote(qualifier)}.{Quote(name)}";

    /// <summary>A list of names, each in quotes, with commas between.</summary>
    /// <exception cref="BatchScorerException">No object can have one of these names.</exception>
    public static string QuoteList(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));

    private static BatchScorerException Invalid(string name, string why) =>
        new(ExitCode.BadConfiguration, $"\"{name}\" cannot be the name of anything in PostgreSQL: {why}.");
}
