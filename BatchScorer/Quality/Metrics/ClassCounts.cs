namespace BatchScorer.Quality.Metrics;

/// <summary>Counts predictions of one class of several.</summary>
internal sealed class ClassCounts
{
    private readonly Dictionary<(string Actual, string Predicted), long> counts = [];
    private double loss;
    private bool lacksProbabilities;

    public long Rows { get; private set; }

    /// <summary>The confusion matrix without its zeros, by actual class, then predicted.</summary>
    public IReadOnlyList<ClassConfusion> Confusion =>
        [.. counts.Select(pair => new ClassConfusion(pair.Key.Actual, pair.Key.Predicted, pair.Value))
            .OrderBy(cell => cell.Actual, StringComparer.Ordinal).ThenBy(cell => cell.Predicted, StringComparer.Ordinal)];

    /// <param name="actual">The class that it was.</param>
    /// <param name="predicted">The class that was predicted.</param>
    /// <param name="probability">The probability that was predicted for the actual class; null where none is known.</param>
    public void Add(string actual, string predicted, double? probability)
    {
        counts[(actual, predicted)] = counts.GetValueOrDefault((actual, predicted)) + 1;
        Rows++;
        if (probability is >= 0 and <= 1)
            loss += LogLoss.Of(probability.Value);
        else
            lacksProbabilities = true;
    }

    /// <summary>Accuracy, log loss and the mean of the F1 of each class that was predicted or came.</summary>
    public IReadOnlyList<Metric> Metrics() =>
    [
        Metric.Share(MetricNames.Accuracy, counts.Where(pair => pair.Key.Actual == pair.Key.Predicted).Sum(pair => pair.Value), Rows, MetricNames.NoRows),
        Rows == 0 ? Metric.Undefined(MetricNames.LogLoss, MetricNames.NoRows)
            : lacksProbabilities ? Metric.Undefined(MetricNames.LogLoss, "not every label is among labels.classes with a probability in labels.probabilities")
            : new Metric(MetricNames.LogLoss, loss / Rows),
        Rows == 0 ? Metric.Undefined(MetricNames.MacroF1, MetricNames.NoRows) : new Metric(MetricNames.MacroF1, MacroF1()),
    ];

    private double MacroF1()
    {
        var (right, all) = (new Dictionary<string, long>(), new Dictionary<string, long>());
        foreach (var ((actual, predicted), rows) in counts)
        {
            if (actual == predicted)
                right[actual] = rows;
            all[actual] = all.GetValueOrDefault(actual) + rows;
            all[predicted] = all.GetValueOrDefault(predicted) + rows;
        }

        // Twice the hits, over how often the class came and how often it was predicted.
        return all.Average(of => 2.0 * right.GetValueOrDefault(of.Key) / of.Value);
    }
}
