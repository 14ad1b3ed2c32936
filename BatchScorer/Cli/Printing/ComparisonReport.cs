using System.Globalization;
using BatchScorer.Quality.Challengers;
using BatchScorer.Wording;

namespace BatchScorer.Cli.Printing;

/// <summary>Prints how a job's model and its challenger differ.</summary>
internal static class ComparisonReport
{
    private const int MostChanges = 20;

    public static void Print(ComparisonRecord comparison, Terminal terminal)
    {
        Fields.Print(
            terminal.Results,
            ("job", comparison.Job),
            ("model", $"{comparison.Model}, {comparison.ModelSha256[..12]}"),
            ("challenger", $"{comparison.Challenger}, {comparison.ChallengerSha256[..12]}"),
            ("runs", comparison.Runs is [var only] ? $"{only}" : $"{Readable.Count(comparison.Runs.Count)}, from {comparison.Runs[0]} to {comparison.Runs[^1]}"),
            ("rows scored by both", Readable.Count(comparison.Rows)),
            ("by the challenger alone", Readable.Count(comparison.RejectedByModelAlone)),
            ("by the model alone", Readable.Count(comparison.RejectedByChallengerAlone)),
            ("chunks left out", comparison.ChunksLeftOut == 0 ? null : $"{Readable.Count(comparison.ChunksLeftOut)}; scoring.challenger_runs says why"));
        if (comparison.Rows == 0)
            return;
        if (comparison.Score is { } score)
            Print(score, terminal);
        if (comparison.Class is { } kind)
            Print(kind, terminal);
        if (comparison.Quality is { } quality)
            Print(quality, comparison.Job, terminal);
    }

    private static void Print(ScoreDifference score, Terminal terminal)
    {
        terminal.Results.WriteLine($"\n{score.Output}: rank correlation {Figure(score.RankCorrelation)}, correlation {Figure(score.Correlation)}; the challenger's is greater by {Figure(score.MeanDifference)} on average.");
        if (score.Difference.Count == 0)
            return;
        var table = new TextTable(["difference", .. score.Difference.Select(quantile => $"{Name(quantile.Share)}>")]);
        table.Add(["challenger - model", .. score.Difference.Select(quantile => Figure(quantile.Value))]);
        table.Print(terminal.ResultsConsole);
    }

    private static void Print(ClassDifference kind, Terminal terminal)
    {
        var how = kind.Threshold is { } threshold ? string.Create(CultureInfo.InvariantCulture, $"{kind.Output} of at least {threshold}") : kind.Output;
        terminal.Results.WriteLine($"\n{how}: the same in {Percent(kind.Agreement)} of the rows; {Readable.Count(kind.Changed)} would change.");
        if (kind.Changes.Count == 0)
            return;
        var table = new TextTable("model", "challenger", "rows>");
        foreach (var change in kind.Changes.Take(MostChanges))
            table.Add(change.From ?? "none", change.To ?? "none", Readable.Count(change.Rows));
        table.Print(terminal.ResultsConsole);
        if (kind.Changes.Count > MostChanges)
            terminal.Results.WriteLine($"and {kind.Changes.Count - MostChanges} other changes; --output json has all.");
    }

    private static void Print(BothQualities quality, string job, Terminal terminal)
    {
        if (quality.Labelled == 0)
        {
            terminal.Results.WriteLine($"\nNone of these rows has a label yet: see `batchscorer quality {job}`.");
            return;
        }

        terminal.Results.WriteLine($"\n{quality.Output}, by the {Readable.Count(quality.Labelled)} of these rows that have a label:");
        var table = new TextTable("metric", "model>", "challenger>", "better");
        foreach (var metric in quality.Metrics)
        {
            table.Add(metric.Name, Figure(metric.Model), Figure(metric.Challenger), metric switch
            {
                { Reason: { } reason } => reason,
                { ChallengerIsBetter: true } => "challenger",
                _ => metric.Model == metric.Challenger ? "" : "model",
            });
        }

        table.Print(terminal.ResultsConsole);
    }

    private static string Name(double share) => share switch
    {
        0 => "least",
        1 => "greatest",
        _ => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %"),
    };

    private static string Percent(double? share) => share is { } part ? string.Create(CultureInfo.InvariantCulture, $"{100 * part:0.##} %") : "-";

    private static string Figure(double? value) => value is { } figure ? figure.ToString(Math.Abs(figure) < 100 ? "0.0000" : "0.##", CultureInfo.InvariantCulture) : "-";
}
