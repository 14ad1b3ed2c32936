using BatchScorer.Benchmarks.Clients;

namespace BatchScorer.Benchmarks.Curves;

/// <summary>What was measured at a place of a curve.</summary>
internal sealed record CurveRow(int X, Measured Floor, Measured BatchScorer)
{
    /// <summary>The share of the floor's rate that BatchScorer has.</summary>
    public double OfFloor => BatchScorer.Against(Floor);

    public double PeakMegabytes => BatchScorer.MedianOf(cost => cost.PeakBytes / 1e6);

    /// <summary>Null where the processes are not ours to ask.</summary>
    public double? AllocatedPerRow =>
        BatchScorer.Rounds.All(cost => cost.AllocatedPerRow is not null) ? BatchScorer.MedianOf(cost => cost.AllocatedPerRow!.Value) : null;
}
