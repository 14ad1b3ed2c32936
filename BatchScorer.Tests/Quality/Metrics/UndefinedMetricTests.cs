using BatchScorer.Quality.Metrics;

namespace BatchScorer.Tests.Quality.Metrics;

/// <summary>What the rows do not define has no value, and a reason.</summary>
internal sealed class UndefinedMetricTests
{
    [Test]
    public void Without_rows_nothing_is_defined()
    {
        var metrics = BinaryMetrics.Of([], [], 0.5).Concat(RegressionMetrics.Of([], [])).Concat(new ClassCounts().Metrics()).ToList();

        Assert.That(metrics.Select(metric => (metric.Value, metric.Reason)), Is.All.EqualTo(((double?)null, "no row has a label")));
        Assert.That(metrics, Has.Count.EqualTo(13));
        Assert.That(CalibrationTable.Of([], []), Has.Count.EqualTo(10).And.All.Matches<CalibrationBin>(bin => bin is { Rows: 0, MeanProbability: null, PositiveShare: null }));
    }

    [Test]
    public void Of_one_class_there_is_no_auc_but_a_loss()
    {
        Assert.That(Told(BinaryMetrics.Of([0.25, 0.75], [false, false], 0.5)), Is.EqualTo(new[]
        {
            "auc: every label is negative", "log_loss: 0.8370", "brier: 0.3125", "accuracy: 0.5000", "precision: 0.0000", "recall: no label is positive", "f1: 0.0000",
        }));
        Assert.That(Told(BinaryMetrics.Of([0.25], [true], 0.5)), Is.EqualTo(new[]
        {
            "auc: every label is positive", "log_loss: 1.3863", "brier: 0.5625", "accuracy: 0.0000", "precision: no prediction reaches the threshold", "recall: 0.0000", "f1: 0.0000",
        }));
        Assert.That(Told(BinaryMetrics.Of([0.25], [false], 0.5)), Has.Member("f1: no label is positive and no prediction reaches the threshold"));
    }

    [Test]
    public void Scores_that_are_no_probabilities_have_no_loss() => Assert.That(
        Told(BinaryMetrics.Of([-1.5, 3], [false, true], 0)), Is.SupersetOf(new[]
        {
            "auc: 1.0000", "log_loss: the predictions are no probabilities, some are below 0 or above 1", "brier: the predictions are no probabilities, some are below 0 or above 1", "accuracy: 1.0000",
        }));

    [Test]
    public void Labels_that_are_all_the_same_have_no_r2() => Assert.That(
        Told(RegressionMetrics.Of([1, 4], [0.1, 0.1])), Is.EqualTo(new[] { "rmse: 2.8302", "mae: 2.4000", "r2: all labels are the same" }));

    [Test]
    public void An_infinite_prediction_has_no_distance() => Assert.That(
        Told(RegressionMetrics.Of([double.PositiveInfinity, 4], [1, 2])), Is.All.EndsWith(": a prediction is infinite, or far too large"));

    [Test]
    public void A_class_without_a_probability_leaves_the_log_loss_undefined()
    {
        var counts = new ClassCounts();
        counts.Add("cat", "cat", 0.5);
        counts.Add("emu", "cat", null);

        Assert.That(Told(counts.Metrics()), Is.EqualTo(new[]
        {
            "accuracy: 0.5000", "log_loss: not every label is among labels.classes with a probability in labels.probabilities", "macro_f1: 0.3333",
        }));
    }

    [Test]
    public void The_area_under_the_curve_of_a_million_rows_is_exact()
    {
        // Positive and negative rows take turns below a half, and tie above it.
        var scores = Enumerable.Range(0, 1_000_000).Select(i => i < 500_000 ? i / 1e6 : 0.75).ToArray();
        var positive = Enumerable.Range(0, 1_000_000).Select(i => i % 2 == 1).ToArray();
        const double Low = 250_000, Wins = (Low * (Low + 1) / 2) + (Low * Low) + (Low * Low / 2);

        Assert.That(RocAuc.Of(scores, positive).Value, Is.EqualTo(Wins / (500_000.0 * 500_000)));
    }

    private static IEnumerable<string> Told(IEnumerable<Metric> metrics) => metrics.Select(metric => $"{metric.Name}: {metric.Reason ?? metric.Value!.Value.ToString("0.0000")}");
}
