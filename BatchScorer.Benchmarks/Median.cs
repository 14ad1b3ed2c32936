namespace BatchScorer.Benchmarks;

/// <summary>The middle of repeated measurements, which one that was disturbed does not move.</summary>
internal static class Median
{
    /// <summary>The middle value; with an even number of them, the lesser of the two in the middle.</summary>
    public static double Of(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        return ordered[(ordered.Length - 1) / 2];
    }
}
