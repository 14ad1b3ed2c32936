using BatchScorer.Benchmarks.Metering;

namespace BatchScorer.Benchmarks.Clients;

/// <summary>What a client took, round by round.</summary>
internal sealed record Measured(string Name, IReadOnlyList<Cost> Rounds)
{
    public double RowsPerSecond => MedianOf(cost => cost.RowsPerSecond);

    /// <summary>
    /// How many times the rate of another it has. That is taken within each round, where both had the same weather, and the median of the
    /// rounds counts.
    /// </summary>
    public double Against(Measured other) =>
        Median.Of(Rounds.Zip(other.Rounds, (mine, theirs) => mine.RowsPerSecond / theirs.RowsPerSecond));

    public double MedianOf(Func<Cost, double> figure) => Median.Of(Rounds.Select(figure));
}
