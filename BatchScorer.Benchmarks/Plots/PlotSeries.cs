namespace BatchScorer.Benchmarks.Plots;

/// <summary>A line of a plot.</summary>
internal sealed record PlotSeries(string Name, IReadOnlyList<(double X, double Y)> Points);
