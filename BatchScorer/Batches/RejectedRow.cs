namespace BatchScorer.Batches;

/// <summary>A source row that could not be scored, and why.</summary>
/// <param name="Key">The row's key as PostgreSQL prints it, a text for each key column.</param>
/// <param name="Column">The column at fault: a source column, or a prediction column when the score is to blame; null when unknown.</param>
/// <param name="Reason">Why, in words for the person who mends the row.</param>
internal sealed record RejectedRow(IReadOnlyList<string> Key, string? Column, string Reason);
