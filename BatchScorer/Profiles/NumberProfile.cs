namespace BatchScorer.Profiles;

/// <summary>The profile of a column of numbers.</summary>
internal sealed record NumberProfile : ColumnProfile
{
    /// <summary>Values whose square is no finite number, infinities among them: they are in the histogram, but in neither sum.</summary>
    public required long Infinite { get; init; }

    /// <summary>The sum of the values.</summary>
    public required ExactSum Sum { get; init; }

    /// <summary>The sum of their squares.</summary>
    public required ExactSum Squares { get; init; }

    /// <summary>The least value; positive infinity when there is none.</summary>
    public required double Min { get; init; }

    /// <summary>The greatest value; negative infinity when there is none.</summary>
    public required double Max { get; init; }

    public required Histogram Histogram { get; init; }

    private long Summed => Present - Infinite;

    /// <summary>Null when there is no finite value.</summary>
    public double? Mean => Summed == 0 ? null : Sum.ToDouble() / Summed;

    /// <summary>
    /// The standard deviation of the values as a population, from the exact sums: <c>√(n·Σx² - (Σx)²) / n</c>, in which nothing cancels
    /// that has been rounded. Null when there is no finite value.
    /// </summary>
    public double? StandardDeviation => Summed == 0 ? null : Math.Sqrt(Math.Max(0, (Squares * Summed + -(Sum * Sum)).ToDouble())) / Summed;
}
