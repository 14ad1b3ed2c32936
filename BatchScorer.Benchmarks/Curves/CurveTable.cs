using System.Globalization;
using System.Text;
using BatchScorer.Benchmarks.Plots;

namespace BatchScorer.Benchmarks.Curves;

/// <summary>A curve's figures, as text, as CSV and as a plot. Figures are medians of the rounds.</summary>
internal sealed class CurveTable(Curve curve, IReadOnlyList<CurveRow> rows)
{
    public override string ToString()
    {
        var table = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{curve.Name,12} {"floor, rows/s",15} {"BatchScorer, rows/s",20} {"of floor",9} {"peak MB",8} {"bytes/row",10}")
            .AppendLine();
        foreach (var row in rows)
        {
            table.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.X,12:N0} {row.Floor.RowsPerSecond,15:N0} {row.BatchScorer.RowsPerSecond,20:N0} {row.OfFloor,9:N2} {row.PeakMegabytes,8:N0} {row.AllocatedPerRow,10:N1}"));
        }

        if (curve.VariesRows)
            table.Append(RowsGrowth.Of(rows)).AppendLine();
        return table.ToString();
    }

    public string ToCsv() => string.Join("",
        rows.Select(row => string.Create(CultureInfo.InvariantCulture,
                $"{row.X},{row.Floor.RowsPerSecond:F0},{row.BatchScorer.RowsPerSecond:F0},{row.OfFloor:F3},{row.PeakMegabytes:F1},{row.AllocatedPerRow:F1}\n"))
            .Prepend($"{curve.Name},floor_rows_per_second,batchscorer_rows_per_second,of_floor,peak_mb,allocated_bytes_per_row\n"));

    public Plot ToPlot() => new(
        "rows/s, by " + curve.Title,
        PlotAxis.At([.. rows.Select(row => (double)row.X)], curve.LogarithmicX),
        PlotAxis.For(rows.SelectMany(row => new[] { row.Floor.RowsPerSecond, row.BatchScorer.RowsPerSecond }), curve.LogarithmicY),
        [
            new("floor", [.. rows.Select(row => ((double)row.X, row.Floor.RowsPerSecond))]),
            new("BatchScorer", [.. rows.Select(row => ((double)row.X, row.BatchScorer.RowsPerSecond))]),
        ]);
}
