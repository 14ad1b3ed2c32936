namespace BatchScorer.Quality.Metrics;

/// <summary>How well predictions of yes or no did.</summary>
internal static class BinaryMetrics
{
    /// <param name="scores">What was predicted for yes: a probability, or for AUC and those at the threshold any score.</param>
    /// <param name="positive">Whether it was yes.</param>
    /// <param name="threshold">The least score that is a yes.</param>
    public static IReadOnlyList<Metric> Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive, double threshold) =>
        [RocAuc.Of(scores, positive), .. OfProbabilities(scores, positive), .. BinaryConfusion.Of(scores, positive, threshold).Metrics()];

    /// <summary>Whether all are from 0 to 1.</summary>
    public static bool AreProbabilities(ReadOnlySpan<double> scores) => !scores.ContainsAnyExceptInRange(0.0, 1.0);

    private static IReadOnlyList<Metric> OfProbabilities(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        var reason = scores.IsEmpty ? MetricNames.NoRows : AreProbabilities(scores) ? null : "the predictions are no probabilities, some are below 0 or above 1";
        if (reason is not null)
            return [Metric.Undefined(MetricNames.LogLoss, reason), Metric.Undefined(MetricNames.Brier, reason)];
        double loss = 0, squares = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            loss += LogLoss.Of(scores[i], positive[i]);
            var difference = scores[i] - (positive[i] ? 1 : 0);
            squares += difference * difference;
        }

        return [new Metric(MetricNames.LogLoss, loss / scores.Length), new Metric(MetricNames.Brier, squares / scores.Length)];
    }
}
