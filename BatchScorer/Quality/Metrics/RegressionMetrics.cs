namespace BatchScorer.Quality.Metrics;

/// <summary>How far predicted numbers lay from what they turned out to be.</summary>
internal static class RegressionMetrics
{
    public static IReadOnlyList<Metric> Of(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual)
    {
        if (predicted.IsEmpty)
            return [.. new[] { MetricNames.Rmse, MetricNames.Mae, MetricNames.R2 }.Select(name => Metric.Undefined(name, MetricNames.NoRows))];
        double mean = 0;
        foreach (var value in actual)
            mean += value / actual.Length;

        double squares = 0, distances = 0, spread = 0;
        for (var i = 0; i < predicted.Length; i++)
        {
            var difference = actual[i] - predicted[i];
            squares += difference * difference;
            distances += Math.Abs(difference);
            spread += (actual[i] - mean) * (actual[i] - mean);
        }

        return
        [
            Finite(MetricNames.Rmse, Math.Sqrt(squares / predicted.Length)),
            Finite(MetricNames.Mae, distances / predicted.Length),
            !actual.ContainsAnyExcept(actual[0]) ? Metric.Undefined(MetricNames.R2, "all labels are the same") : Finite(MetricNames.R2, 1 - squares / spread),
        ];
    }

    /// <summary>A score may be infinite, and so may what is computed from it.</summary>
    private static Metric Finite(string name, double value) =>
        double.IsFinite(value) ? new Metric(name, value) : Metric.Undefined(name, "a prediction is infinite, or far too large");
}
