using System.Globalization;
using BatchScorer.Quality;
using BatchScorer.Quality.Metrics;
using BatchScorer.Quality.Slices;
using BatchScorer.Wording;

namespace BatchScorer.Cli.Printing;

/// <summary>Prints how good a job's predictions were.</summary>
internal static class QualityReport
{
    public static void Print(QualityRecord quality, Terminal terminal)
    {
        var labelled = quality.Slices.Where(slice => slice.Labelled > 0).ToList();
        if (labelled.Count == 0)
        {
            terminal.Results.WriteLine($"No prediction of job {quality.Job} has a label: one counts whose time is not before the prediction was published.");
            return;
        }

        PrintMetrics(quality, terminal);
        PrintReasons(labelled, terminal);
        foreach (var slice in labelled)
        {
            if (slice.Calibration is { } calibration)
                PrintCalibration(slice, calibration, terminal);
            if (slice.Confusion is { } confusion)
                PrintConfusion(slice, confusion, terminal);
        }
    }

    private static void PrintMetrics(QualityRecord quality, Terminal terminal)
    {
        var names = quality.Slices[0].Metrics.Select(metric => metric.Name).ToList();
        var table = new TextTable(["model", "labels", "labelled>", "of>", .. names.Select(name => $"{name}>")]);
        foreach (var slice in quality.Slices)
            table.Add([Model(slice), Labels(slice), Readable.Count(slice.Labelled), Share(slice.LabelledShare), .. slice.Metrics.Select(metric => Figure(metric.Value))]);
        table.Print(terminal.ResultsConsole);
    }

    private static void PrintReasons(IReadOnlyList<QualitySlice> slices, Terminal terminal)
    {
        var reasons = slices
            .SelectMany(slice => slice.Metrics.Where(metric => metric.Reason is not null).Select(metric => $"{metric.Name} is not defined: {metric.Reason}"))
            .CountBy(reason => reason).ToList();
        if (reasons.Count > 0)
            terminal.Results.WriteLine();
        foreach (var (reason, lines) in reasons)
            terminal.Results.WriteLine($"In {lines} line(s) {reason}.");
    }

    private static void PrintCalibration(QualitySlice slice, IReadOnlyList<CalibrationBin> bins, Terminal terminal)
    {
        terminal.Results.WriteLine($"\nProbabilities of {Model(slice)}, {Labels(slice)}, and what came true:");
        var table = new TextTable("over>", "up to>", "predictions>", "mean probability>", "share of yes>");
        foreach (var bin in bins)
            table.Add(Edge(bin.From), Edge(bin.To), Readable.Count(bin.Rows), Figure(bin.MeanProbability), Figure(bin.PositiveShare));
        table.Print(terminal.ResultsConsole);
    }

    private static void PrintConfusion(QualitySlice slice, IReadOnlyList<ClassConfusion> cells, Terminal terminal)
    {
        terminal.Results.WriteLine($"\nPredicted by {Model(slice)}, {Labels(slice)}, and what it was:");
        var predicted = cells.Select(cell => cell.Predicted).Distinct().Order(StringComparer.Ordinal).ToList();
        var table = new TextTable(["it was", .. predicted.Select(name => $"{name}>")]);
        foreach (var actual in cells.GroupBy(cell => cell.Actual))
        {
            var rows = actual.ToDictionary(cell => cell.Predicted, cell => cell.Rows);
            table.Add([actual.Key, .. predicted.Select(name => Readable.Count(rows.GetValueOrDefault(name)))]);
        }

        table.Print(terminal.ResultsConsole);
    }

    private static string Model(QualitySlice slice) => $"{slice.ModelName} {slice.ModelVersion}";

    private static string Labels(QualitySlice slice) => slice switch
    {
        { WindowFrom: { } from, WindowTo: { } to } => $"{Readable.Day(DateOnly.FromDateTime(from))} to {Readable.Day(DateOnly.FromDateTime(to))}",
        { Lag: { } lag } => $"after {lag}",
        _ => "all",
    };

    private static string Share(double? share) => share is { } part ? string.Create(CultureInfo.InvariantCulture, $"{100 * part:0.0} %") : "";

    private static string Edge(double probability) => probability.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Figure(double? value) => value is { } figure ? figure.ToString(Math.Abs(figure) < 100 ? "0.0000" : "0.##", CultureInfo.InvariantCulture) : "-";
}
