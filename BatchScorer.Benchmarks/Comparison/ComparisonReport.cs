using System.Globalization;
using System.Text;
using BatchScorer.Benchmarks.Clients;

namespace BatchScorer.Benchmarks.Comparison;

/// <summary>A line a way to score: what it took, and how many times the rate of others it has. All figures are medians of the rounds.</summary>
/// <param name="measured">The ways.</param>
/// <param name="references">Those to set them beside, each with the heading of its column; one that was not measured is left out.</param>
internal sealed class ComparisonReport(IReadOnlyList<Measured> measured, params IReadOnlyList<(string Heading, string Name)> references)
{
    public override string ToString()
    {
        var columns = references
            .Select(reference => (reference.Heading, Measured: measured.FirstOrDefault(way => way.Name == reference.Name)))
            .Where(reference => reference.Measured is not null)
            .ToList();
        var width = measured.Max(way => way.Name.Length);
        var table = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{$"medians of {measured[0].Rounds.Count} rounds".PadRight(width)} {"rows/s",9}")
            .AppendJoin("", columns.Select(column => $"{column.Heading,10}"))
            .AppendLine("  client s  server s  peak MB  bytes/row");
        foreach (var way in measured)
        {
            table.Append(CultureInfo.InvariantCulture, $"{way.Name.PadRight(width)} {way.RowsPerSecond,9:N0}");
            foreach (var column in columns)
                table.Append(CultureInfo.InvariantCulture, $"{way.Against(column.Measured!),10:N2}");
            table.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{way.MedianOf(cost => cost.Client.TotalSeconds),10:N2}{way.MedianOf(cost => cost.Server.TotalSeconds),10:N2}{way.MedianOf(cost => cost.PeakBytes / 1e6),9:N0}{Allocated(way),11:N0}"));
        }

        return table.ToString();
    }

    private static double? Allocated(Measured way) =>
        way.Rounds.All(cost => cost.AllocatedPerRow is not null) ? way.MedianOf(cost => cost.AllocatedPerRow!.Value) : null;
}
