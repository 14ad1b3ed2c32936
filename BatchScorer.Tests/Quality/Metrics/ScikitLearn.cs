using System.Text.Json;

namespace BatchScorer.Tests.Quality.Metrics;

/// <summary>What scikit-learn says of small data sets: <c>scikit-learn.json</c>, which <c>scikit_learn.py</c> wrote.</summary>
internal static class ScikitLearn
{
    private static readonly JsonElement File = JsonDocument.Parse(System.IO.File.ReadAllText(Repository.PathTo("BatchScorer.Tests/Quality/Metrics/scikit-learn.json"))).RootElement;

    public static IEnumerable<TestCaseData> Cases(string kind) =>
        File.GetProperty(kind).EnumerateArray().Select(data => new TestCaseData(data).SetArgDisplayNames(data.GetProperty("name").GetString()!));

    public static double[] Numbers(this JsonElement data, string name) => [.. data.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    public static bool[] Booleans(this JsonElement data, string name) => [.. data.GetProperty(name).EnumerateArray().Select(value => value.GetBoolean())];

    public static string[] Texts(this JsonElement data, string name) => [.. data.GetProperty(name).EnumerateArray().Select(value => value.GetString()!)];

    public static IEnumerable<(string Name, double Value)> Expected(this JsonElement data) =>
        data.GetProperty("expected").EnumerateObject().Select(metric => (metric.Name, metric.Value.GetDouble()));
}
