using BatchScorer.Runs.Backfills;
using BatchScorer.Wording;

namespace BatchScorer.Cli.Printing;

/// <summary>Prints windows, a line each; in a long list those side by side that are alike share a line.</summary>
internal static class WindowList
{
    private const int ShortList = 40;

    public static void Print(IReadOnlyList<WindowRecord> windows, Terminal terminal) => Print(
        [.. windows.Select(window => new Line(window.From, window.To, 1, window.Rows, window.RowsWithoutOutcome, Word(window.State), Models(window.Models)))],
        "without outcome>", terminal);

    public static void Print(IReadOnlyList<PlannedWindow> windows, Terminal terminal) => Print(
        [.. windows.Select(window => new Line(
            window.From, window.To, 1, window.Rows, window.Action is WindowAction.Leave ? null : window.Rows,
            $"{Word(window.State)}, {Word(window.Action)}", Models(window.Models)))],
        "to score>", terminal);

    private static void Print(IReadOnlyList<Line> windows, string counted, Terminal terminal)
    {
        var lines = windows.Count <= ShortList ? windows : Merge(windows);
        var table = new TextTable("from", "to", "windows>", "rows>", counted, "state", "shown of");
        foreach (var line in lines)
        {
            table.Add(
                Readable.CursorValue(line.From), Readable.CursorValue(line.To), Readable.Count(line.Windows), Count(line.Rows), Count(line.Counted), line.State, line.Models);
        }

        table.Print(terminal.ResultsConsole);

        static string Count(long? count) => count is { } number ? Readable.Count(number) : "-";
    }

    private static List<Line> Merge(IReadOnlyList<Line> windows)
    {
        var lines = new List<Line>();
        foreach (var window in windows)
        {
            if (lines.Count > 0 && (lines[^1].State, lines[^1].Models) == (window.State, window.Models))
                lines[^1] = lines[^1] with { To = window.To, Windows = lines[^1].Windows + 1, Rows = lines[^1].Rows + window.Rows, Counted = lines[^1].Counted + window.Counted };
            else
                lines.Add(window);
        }

        return lines;
    }

    private static string Models(IReadOnlyList<string> models) => models.Count == 0 ? "-" : string.Join(", ", models);

    private static string Word(WindowState state) => state.ToString().ToLowerInvariant();

    private static string Word(WindowAction action) => action switch
    {
        WindowAction.Leave => "left as it is",
        WindowAction.Score => "to be scored",
        _ => "to be scored again",
    };

    private sealed record Line(string From, string To, int Windows, long? Rows, long? Counted, string State, string Models);
}
