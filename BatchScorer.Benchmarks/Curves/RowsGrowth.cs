using System.Globalization;

namespace BatchScorer.Benchmarks.Curves;

/// <summary>What further rows cost, where nothing but their number has changed.</summary>
internal sealed record RowsGrowth(CurveRow From, CurveRow To)
{
    private const int Times = 10;

    /// <summary>From a tenth of the most rows, or what comes nearest to it, to the most.</summary>
    public static RowsGrowth Of(IReadOnlyList<CurveRow> rows) => new(rows.MinBy(row => Math.Abs(row.X - rows[^1].X / Times))!, rows[^1]);

    /// <summary>How many times as long BatchScorer takes.</summary>
    public double Time => To.X / To.BatchScorer.RowsPerSecond / (From.X / From.BatchScorer.RowsPerSecond);

    /// <summary>How many times as long the floor takes.</summary>
    public double FloorTime => To.X / To.Floor.RowsPerSecond / (From.X / From.Floor.RowsPerSecond);

    /// <summary>How many times as much memory BatchScorer had at its peak.</summary>
    public double Peak => To.PeakMegabytes / From.PeakMegabytes;

    /// <summary>Bytes allocated for each row that came on top: planning and what a process makes once are not in it.</summary>
    public double? AllocatedPerFurtherRow => (To.AllocatedPerRow * To.X - From.AllocatedPerRow * From.X) / (To.X - From.X);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"From {From.X:N0} to {To.X:N0} rows: the time of BatchScorer x {Time:N2}, of the floor x {FloorTime:N2} ({Time / FloorTime:N2} of it); peak x {Peak:N2}; {AllocatedPerFurtherRow:N1} bytes allocated a further row");
}
