namespace BatchScorer.Quality.Metrics;

/// <summary>How often a class was predicted where it was another, or the same.</summary>
/// <param name="Actual">The class that it was.</param>
/// <param name="Predicted">The class that was predicted.</param>
/// <param name="Rows">How often.</param>
internal sealed record ClassConfusion(string Actual, string Predicted, long Rows);
