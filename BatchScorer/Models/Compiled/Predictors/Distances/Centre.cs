namespace BatchScorer.Models.Compiled.Predictors.Distances;

/// <summary>The centre of a cluster.</summary>
/// <param name="Values">A value for each feature.</param>
/// <param name="Stored">The slots ML.NET stores, ascending; null when it stores all.</param>
/// <param name="SumOfSquares">Of the values, as ML.NET adds them.</param>
internal sealed record Centre(float[] Values, int[]? Stored, float SumOfSquares);
