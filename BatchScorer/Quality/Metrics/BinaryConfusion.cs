namespace BatchScorer.Quality.Metrics;

/// <summary>How often yes and no were predicted and came true, at a threshold: a score of at least the threshold is a yes.</summary>
internal sealed record BinaryConfusion(long TruePositives, long FalsePositives, long TrueNegatives, long FalseNegatives)
{
    public long Rows => TruePositives + FalsePositives + TrueNegatives + FalseNegatives;

    public static BinaryConfusion Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive, double threshold)
    {
        long truePositives = 0, falsePositives = 0, trueNegatives = 0, falseNegatives = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            switch (scores[i] >= threshold, positive[i])
            {
                case (true, true): truePositives++; break;
                case (true, false): falsePositives++; break;
                case (false, false): trueNegatives++; break;
                default: falseNegatives++; break;
            }
        }

        return new BinaryConfusion(truePositives, falsePositives, trueNegatives, falseNegatives);
    }

    /// <summary>Accuracy, precision, recall and F1. Where scikit-learn answers 0 with a warning, they are not defined here.</summary>
    public IEnumerable<Metric> Metrics() =>
    [
        Metric.Share(MetricNames.Accuracy, TruePositives + TrueNegatives, Rows, MetricNames.NoRows),
        Metric.Share(MetricNames.Precision, TruePositives, TruePositives + FalsePositives, Rows == 0 ? MetricNames.NoRows : "no prediction reaches the threshold"),
        Metric.Share(MetricNames.Recall, TruePositives, TruePositives + FalseNegatives, Rows == 0 ? MetricNames.NoRows : "no label is positive"),
        Metric.Share(MetricNames.F1, 2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives,
            Rows == 0 ? MetricNames.NoRows : "no label is positive and no prediction reaches the threshold"),
    ];
}
