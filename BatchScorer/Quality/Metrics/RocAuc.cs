namespace BatchScorer.Quality.Metrics;

/// <summary>
/// The area under the ROC curve: the share of pairs of a positive and a negative row in which the positive one has the higher score, where a tie
/// counts half. It is what the trapezoidal rule gives on the curve, as scikit-learn's <c>roc_auc_score</c> computes it.
/// </summary>
internal static class RocAuc
{
    public static Metric Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        if (scores.IsEmpty)
            return Metric.Undefined(MetricNames.Auc, MetricNames.NoRows);
        var positives = positive.Count(true);
        if (positives == 0 || positives == positive.Length)
            return Metric.Undefined(MetricNames.Auc, $"every label is {(positives == 0 ? "negative" : "positive")}");

        var (sorted, labels) = (scores.ToArray(), positive.ToArray());
        Array.Sort(sorted, labels);
        return new Metric(MetricNames.Auc, TwiceTheWins(sorted, labels) / (2.0 * positives * (sorted.Length - positives)));
    }

    /// <summary>Exact, since it is a whole number: twice the pairs that the positive row wins, and once those that are ties.</summary>
    private static long TwiceTheWins(double[] sorted, bool[] labels)
    {
        long twice = 0, negativesBelow = 0;
        for (var start = 0; start < sorted.Length;)
        {
            long positives = 0, negatives = 0;
            var end = start;
            for (; end < sorted.Length && sorted[end] == sorted[start]; end++)
            {
                if (labels[end])
                    positives++;
                else
                    negatives++;
            }

            twice += positives * (2 * negativesBelow + negatives);
            negativesBelow += negatives;
            start = end;
        }

        return twice;
    }
}
