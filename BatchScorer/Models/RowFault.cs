namespace BatchScorer.Models;

/// <summary>A row that a model could not score.</summary>
/// <param name="Row">The row's index in the batch.</param>
/// <param name="Column">The model's column that is at fault, or null when the model does not say.</param>
/// <param name="Reason">Why, in words for the person who mends the row.</param>
internal readonly record struct RowFault(int Row, string? Column, string Reason);
