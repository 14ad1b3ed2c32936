using System.Text.Json;
using BatchScorer.Quality.Metrics;

namespace BatchScorer.Tests.Quality.Metrics;

/// <summary>Metrics are scikit-learn's on the same data.</summary>
internal sealed class ScikitLearnTests
{
    // Sums are taken in another order.
    private const double Tolerance = 1e-9;

    private static IEnumerable<TestCaseData> Binary => ScikitLearn.Cases("binary");

    private static IEnumerable<TestCaseData> Regression => ScikitLearn.Cases("regression");

    private static IEnumerable<TestCaseData> Multiclass => ScikitLearn.Cases("multiclass");

    [TestCaseSource(nameof(Binary))]
    public void Yes_or_no(JsonElement data)
    {
        var (scores, labels) = (data.Numbers("scores"), data.Booleans("labels"));

        AssertAre(data.Expected(), BinaryMetrics.Of(scores, labels, data.GetProperty("threshold").GetDouble()));
        if (!data.TryGetProperty("calibration", out var calibration))
            return;
        var bins = CalibrationTable.Of(scores, labels).Where(bin => bin.Rows > 0).ToList();
        Assert.That(bins.Select(bin => bin.MeanProbability!.Value), Is.EqualTo(Of("meanProbability")).Within(Tolerance));
        Assert.That(bins.Select(bin => bin.PositiveShare!.Value), Is.EqualTo(Of("positiveShare")).Within(Tolerance));
        Assert.That(bins.Sum(bin => bin.Rows), Is.EqualTo(scores.Length));

        IEnumerable<double> Of(string name) => calibration.EnumerateArray().Select(bin => bin.GetProperty(name).GetDouble());
    }

    [TestCaseSource(nameof(Regression))]
    public void Numbers(JsonElement data) => AssertAre(data.Expected(), RegressionMetrics.Of(data.Numbers("predictions"), data.Numbers("labels")));

    [TestCaseSource(nameof(Multiclass))]
    public void Classes(JsonElement data)
    {
        var (classes, labels, predicted) = (data.Texts("classes"), data.Texts("labels"), data.Texts("predicted"));
        var counts = new ClassCounts();
        foreach (var (i, probabilities) in data.GetProperty("probabilities").EnumerateArray().Index())
            counts.Add(labels[i], predicted[i], probabilities[Array.IndexOf(classes, labels[i])].GetDouble());

        AssertAre(data.Expected(), counts.Metrics());
        var matrix = from actual in classes
                     from prediction in classes
                     select counts.Confusion.SingleOrDefault(cell => (cell.Actual, cell.Predicted) == (actual, prediction))?.Rows ?? 0;
        Assert.That(matrix, Is.EqualTo(data.GetProperty("confusion").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(cell => cell.GetInt64())));
    }

    private static void AssertAre(IEnumerable<(string Name, double Value)> expected, IReadOnlyList<Metric> metrics)
    {
        foreach (var (name, value) in expected)
            Assert.That(metrics.Single(metric => metric.Name == name).Value, Is.EqualTo(value).Within(Tolerance), name);
    }
}
