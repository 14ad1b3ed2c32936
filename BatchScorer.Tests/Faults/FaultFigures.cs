using System.Globalization;
using System.Text;
using BatchScorer.Checkpoints;

namespace BatchScorer.Tests.Faults;

/// <summary>What all scenarios of this process add up to; kept in the file <c>faults.md</c> as well, since a long campaign may be cut short.</summary>
internal static class FaultFigures
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(string Point, FaultKind Kind), (int Tried, int Hit)> Faults = [];
    private static int scenarios;
    private static long outcomes;
    private static int breaches;

    public static void Add(ScenarioResult result)
    {
        lock (Gate)
        {
            scenarios++;
            outcomes += result.Outcomes;
            breaches += result.Breaches.Count;
            foreach (var (fault, hit) in result.Faults)
            {
                var (tried, hits) = Faults.GetValueOrDefault((fault.Point, fault.Kind));
                Faults[(fault.Point, fault.Kind)] = (tried + 1, hits + (hit ? 1 : 0));
            }

            File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "faults.md"), Print());
        }
    }

    /// <summary>A table of the faults that hit, by point and kind, and the totals; empty when nothing was run.</summary>
    public static string Print()
    {
        lock (Gate)
        {
            if (scenarios == 0)
                return "";
            var kinds = Enum.GetValues<FaultKind>();
            var text = new StringBuilder();
            text.AppendLine(CultureInfo.InvariantCulture, $"| hit | {string.Join(" | ", kinds)} |");
            text.AppendLine(CultureInfo.InvariantCulture, $"| --- |{string.Concat(kinds.Select(_ => " ---: |"))}");
            foreach (var point in Checkpoint.Names)
                text.AppendLine(CultureInfo.InvariantCulture, $"| {point} | {string.Join(" | ", kinds.Select(kind => Faults.GetValueOrDefault((point, kind)).Hit))} |");
            text.AppendLine(CultureInfo.InvariantCulture, $"| all | {string.Join(" | ", kinds.Select(kind => Faults.Where(fault => fault.Key.Kind == kind).Sum(fault => fault.Value.Hit)))} |");
            text.AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"{scenarios} scenarios, {Faults.Sum(fault => fault.Value.Tried)} faults planned, {Faults.Sum(fault => fault.Value.Hit)} hit their point, {outcomes} outcomes checked, {breaches} breaches");
            return text.ToString();
        }
    }
}
