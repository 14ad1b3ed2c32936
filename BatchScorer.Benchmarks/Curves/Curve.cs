using BatchScorer.Benchmarks.Models;

namespace BatchScorer.Benchmarks.Curves;

/// <summary>Rows a second, and how they change with one number while everything else stays.</summary>
/// <param name="Name">In the command line and in file names.</param>
/// <param name="Title">What is varied, and what stays.</param>
/// <param name="Points">From the least to the greatest.</param>
internal sealed record Curve(string Name, string Title, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>The least number of rows that all curves can be made of.</summary>
    public const int LeastRows = 100;

    private const int Partitions = 2;

    private static readonly double[] ShareOfRows = [0.01, 0.03, 0.1, 0.3, 1, 3, 10];
    private static readonly int[] Features = [5, 10, 20, 50, 100, 200];
    private static readonly int[] Trees = [1, 3, 10, 30, 100, 300, 1000];

    /// <summary>Whether places are set out by their ratios.</summary>
    public bool LogarithmicX { get; init; } = true;

    /// <summary>Whether rates are.</summary>
    public bool LogarithmicY { get; init; }

    /// <summary>Whether the workers are processes of <c>serve</c>; the floor's are partitions all the same.</summary>
    public bool ByProcesses { get; init; }

    /// <summary>Whether it is the number of rows that changes.</summary>
    public bool VariesRows => Points[0].Rows != Points[^1].Rows;

    /// <summary>Every curve.</summary>
    /// <param name="rows">Rows of the table where they do not vary, <see cref="LeastRows"/> at least; where they do it is a hundredth to ten times as many.</param>
    public static IReadOnlyList<Curve> All(int rows)
    {
        var model = SyntheticModel.Standard;
        return
        [
            new("rows", $"rows of the table; {model}, {Partitions} partitions",
                [.. ShareOfRows.Select(times => (int)Math.Round(rows * times)).Select(count => new CurvePoint(count, model, count, Partitions))]),
            new("partitions", $"partitions; {rows:N0} rows, {model}", [.. UpToFour(model, rows)]) { LogarithmicX = false },
            new("processes", $"processes of one partition; {rows:N0} rows, {model}", [.. UpToFour(model, rows)]) { LogarithmicX = false, ByProcesses = true },
            new("features", $"features, all of them numbers; {rows:N0} rows, {model.Classifier}, {Partitions} partitions",
                [.. Features.Select(count => new CurvePoint(count, model with { Numbers = count, Categories = [] }, rows, Partitions))]) { LogarithmicY = true },
            new("trees", $"trees of 20 leaves; {rows:N0} rows of {model.Numbers} numbers and {model.Categories.Count} short texts, {Partitions} partitions",
                [.. Trees.Select(count => new CurvePoint(count, model with { Classifier = new TreeClassifier(count, Leaves: 20) }, rows, Partitions))]) { LogarithmicY = true },
        ];
    }

    private static IEnumerable<CurvePoint> UpToFour(SyntheticModel model, int rows) =>
        Enumerable.Range(1, 4).Select(workers => new CurvePoint(workers, model, rows, workers));
}
