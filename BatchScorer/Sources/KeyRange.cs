namespace BatchScorer.Sources;

/// <summary>Half-open range <c>[From, To)</c> of keys, in the order of the key columns; bounds are texts as PostgreSQL prints them.</summary>
/// <param name="From">The first key, a text for each key column; null when the range is open at its start.</param>
/// <param name="To">The key behind the last one; null when the range is open at its end.</param>
internal sealed record KeyRange(IReadOnlyList<string>? From, IReadOnlyList<string>? To)
{
    public static KeyRange All { get; } = new(null, null);
}

/// <summary>Half-open range <c>[From, To)</c> of cursor values as texts; null where it is open.</summary>
internal sealed record CursorRange(string? From, string? To)
{
    /// <summary>
    /// How far below <see cref="From"/> rows without an outcome are read too: the text of an interval or, for an integer cursor, of a
    /// number. Null for not at all; without effect where the range has no start.
    /// </summary>
    public string? Lookback { get; init; }
}
