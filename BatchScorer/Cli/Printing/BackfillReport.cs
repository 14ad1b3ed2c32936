using System.Globalization;
using BatchScorer.Runs.Backfills;
using BatchScorer.Wording;

namespace BatchScorer.Cli.Printing;

/// <summary>Prints backfills and their plans for people.</summary>
internal static class BackfillReport
{
    public static void Print(BackfillPlan plan, Terminal terminal)
    {
        var chosen = plan.Chosen().ToList();
        var again = chosen.Where(window => window.Action is WindowAction.ScoreAgain).ToList();
        Fields.Print(
            terminal.Results,
            ("backfill", $"of job {plan.Job}, {Range(plan.From, plan.To)}, {Readable.Count(plan.Windows.Count)} window(s) of {plan.Every}"),
            ("model", $"{plan.Model.Name} {plan.Model.Version}, engine {plan.Model.Engine}"),
            ("sha-256", plan.Model.Sha256),
            ("to score", $"{Readable.Count(plan.Rows)} rows in {Readable.Count(chosen.Count)} window(s) (--only {Word(plan.Only)}{(plan.NewestFirst ? ", the last first" : "")})"),
            ("again", again.Count == 0 ? "none of them" : $"{Readable.Count(again.Sum(window => window.Rows))} of these rows, in {Readable.Count(again.Count)} window(s) that have predictions already"),
            ("time", Estimate(plan, estimate => $"about {Readable.Duration(estimate.Time)} at {Readable.Count((long)estimate.RowsPerSecond)} rows/s, as in {estimate.Runs} past run(s)")),
            ("bytes", Estimate(plan, estimate => $"about {Readable.Bytes(estimate.Bytes)} more predictions")),
            ("plan", plan.Hash));
        terminal.Results.WriteLine();
        WindowList.Print(plan.Windows, terminal);
    }

    public static void Print(BackfillRecord backfill, TextWriter writer) => Fields.Print(
        writer,
        ("backfill", $"{backfill.BackfillId} of job {backfill.Job}, {backfill.State}"),
        ("range", $"{Range(backfill.From, backfill.To)}, windows of {backfill.Every} (--only {backfill.Only}{(backfill.NewestFirst ? ", the last first" : "")})"),
        ("model", $"{backfill.ModelName} {backfill.ModelVersion}"),
        ("sha-256", backfill.ModelSha256),
        ("windows", $"{Readable.Count(backfill.WindowsPublished)} of {Readable.Count(backfill.Windows)} published{(backfill.WindowsFailed > 0 ? $", {Readable.Count(backfill.WindowsFailed)} failed" : "")}"),
        ("rows", $"{Readable.Count(backfill.RowsRead)} read of {Readable.Count(backfill.RowsExpected)}, {Readable.Count(backfill.RowsRejected)} rejected"),
        ("asked for", $"{Readable.Time(backfill.AskedAt)} on {backfill.Host}"),
        ("enqueued", backfill.Enqueued ? "for the nodes that run `batchscorer serve`" : null),
        ("finished", backfill.FinishedAt is null ? null : Readable.Time(backfill.FinishedAt)),
        ("plan", backfill.PlanHash));

    /// <summary>Says that the nodes work on a backfill from now on.</summary>
    public static void PrintHandedOver(BackfillRecord backfill, TextWriter writer)
    {
        writer.WriteLine($"Backfill {backfill.BackfillId} of job {backfill.Job} is enqueued: {Readable.Count(backfill.Windows - backfill.WindowsPublished)} window(s) for the nodes that run `batchscorer serve`; it waits until there is one.");
        writer.WriteLine($"`batchscorer backfills show {backfill.BackfillId}` tells how far it has come, `batchscorer backfills cancel {backfill.BackfillId}` stops it.");
    }

    public static void Print(IReadOnlyList<BackfillWindowRecord> windows, Terminal terminal)
    {
        var table = new TextTable("from", "to", "run>", "state", "expected>", "read>", "rejected>", "error");
        foreach (var window in windows)
        {
            table.Add(
                Readable.CursorValue(window.From), Readable.CursorValue(window.To), window.RunId?.ToString(CultureInfo.InvariantCulture) ?? "-", window.State ?? "-",
                Readable.Count(window.RowsExpected), Count(window.RowsRead), Count(window.RowsRejected), window.Error);
        }

        table.Print(terminal.ResultsConsole);

        static string Count(long? count) => count is { } number ? Readable.Count(number) : "-";
    }

    /// <summary>Why a plan scores nothing.</summary>
    public static string NothingToDo(BackfillPlan plan)
    {
        var states = plan.Windows.GroupBy(window => window.State).OrderBy(group => group.Key).Select(group => $"{Readable.Count(group.Count())} {group.Key.ToString().ToLowerInvariant()}");
        return $"Nothing to do: no window is {Word(plan.Only)} in {Range(plan.From, plan.To)} ({string.Join(", ", states)}). --only all scores them again.";
    }

    private static string Range(string from, string to) => $"{Readable.CursorValue(from)} to {Readable.CursorValue(to)}";

    private static string Word(WindowChoice choice) => choice.ToString().ToLowerInvariant();

    private static string Estimate(BackfillPlan plan, Func<BackfillEstimate, string> text) =>
        plan.Estimate is { } estimate ? text(estimate) : "no past run to estimate from";
}
