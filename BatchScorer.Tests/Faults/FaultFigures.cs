using System.Globalization;
using System.Text;
using BatchScorer.Checkpoints;

namespace BatchScorer.Tests.Faults;

/// <summary>What all scenarios of this process add up to; kept in the file <c>faults.md</c> as well, since a long campaign may be cut short.</summary>
internal static class FaultFigures
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(string Point, FaultKind Kind), (int Tried, int Hit)> Faults = [];
    private static readonly SortedDictionary<SourceKind, int> Sources = [];
    private static readonly SortedSet<string> Disks = [];
    private static readonly List<string> Breaches = [];
    private static readonly List<string> BrokenOff = [];
    private static LedgerFigures ledger = LedgerFigures.None;

    /// <summary>Adds a scenario that came to its end.</summary>
    public static void Add(ScenarioPlan plan, ScenarioResult result) => Add(() =>
    {
        Sources[plan.Source] = Sources.GetValueOrDefault(plan.Source) + 1;
        ledger += result.Ledger;
        Breaches.AddRange(result.Breaches.Select(breach => $"{plan.Name}: {breach}"));
        if (result.Disk is not null)
            Disks.Add(result.Disk);
        foreach (var (fault, hit) in result.Faults)
        {
            var (tried, hits) = Faults.GetValueOrDefault((fault.Point, fault.Kind));
            Faults[(fault.Point, fault.Kind)] = (tried + 1, hits + (hit ? 1 : 0));
        }
    });

    /// <summary>Adds a scenario that did not, and so says nothing of the program.</summary>
    public static void AddBrokenOff(ScenarioPlan plan, Exception fault) => Add(() => BrokenOff.Add($"{plan.Name}: {fault.Message}"));

    /// <summary>Tables of the faults that hit, by point and kind, and of the sources, then the totals and what was wrong; empty when nothing was run.</summary>
    public static string Print()
    {
        lock (Gate)
        {
            if (Sources.Count + BrokenOff.Count == 0)
                return "";
            var kinds = Enum.GetValues<FaultKind>();
            var text = new StringBuilder();
            AddRow(text, "hit", kinds);
            AddRow(text, "---", kinds.Select(_ => "---:"));
            foreach (var point in Checkpoint.Names)
                AddRow(text, point, kinds.Select(kind => Faults.GetValueOrDefault((point, kind)).Hit));
            AddRow(text, "all", kinds.Select(kind => Faults.Where(fault => fault.Key.Kind == kind).Sum(fault => fault.Value.Hit)));
            AddRow(text, "tried", kinds.Select(kind => Faults.Where(fault => fault.Key.Kind == kind).Sum(fault => fault.Value.Tried)));
            text.AppendLine();
            AddRow(text, "source", Sources.Keys);
            AddRow(text, "---", Sources.Keys.Select(_ => "---:"));
            AddRow(text, "scenarios", Sources.Values);
            text.AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"{Sources.Values.Sum()} scenarios, {Faults.Sum(fault => fault.Value.Tried)} faults planned, {Faults.Sum(fault => fault.Value.Hit)} hit their point, {ledger.Outcomes} outcomes checked, {Breaches.Count} breaches, {BrokenOff.Count} scenarios broken off.");
            text.AppendLine(CultureInfo.InvariantCulture, $"Runs were withdrawn {ledger.Withdrawals} times, and {ledger.ResumedAfterNewer} went on after a newer one had ended.");
            if (Disks.Count > 0)
                text.AppendLine(CultureInfo.InvariantCulture, $"The disk was full by {string.Join(", and by ", Disks)}.");
            AddList(text, "Breaches", Breaches);
            AddList(text, "Broken off", BrokenOff);
            return text.ToString();
        }
    }

    private static void Add(Action add)
    {
        lock (Gate)
        {
            add();
            File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "faults.md"), Print());
        }
    }

    private static void AddRow<T>(StringBuilder text, string head, IEnumerable<T> cells) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"| {head} | {string.Join(" | ", cells)} |");

    private static void AddList(StringBuilder text, string head, List<string> lines)
    {
        if (lines.Count == 0)
            return;
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{head}:").AppendLine();
        foreach (var line in lines)
            text.AppendLine(CultureInfo.InvariantCulture, $"- {line.ReplaceLineEndings(" ")}");
    }
}
