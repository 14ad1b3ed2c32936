namespace BatchScorer.Jobs;

/// <summary>The column found for an input of a model, or why there is none.</summary>
/// <param name="Column">The column's name; null where there is a fault.</param>
/// <param name="Fault">What is wrong and what to do; null where there is a column.</param>
internal readonly record struct ColumnMatch(string? Column, string? Fault);
