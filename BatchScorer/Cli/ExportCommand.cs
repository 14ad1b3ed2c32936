using System.CommandLine;
using System.Diagnostics;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Exchange.Csv;
using BatchScorer.Exchange.Export;
using BatchScorer.Postgres;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>export JOB --csv FILE</c>: the predictions that readers see, as a CSV file.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandContext context)
    {
        var job = JobArgument.Create(context);
        var csv = new Option<string>("--csv") { Description = "The CSV file to write, or - for standard output. It is there when all of it is written.", HelpName = "FILE|-", Required = true };
        var where = new Option<string?>("--where") { Description = "Only rows for which this SQL condition holds, on the columns of scoring.<job>_latest.", HelpName = "CONDITION" };
        var asOf = Instants.Option("--as-of", "What was shown at this instant: a date, or an ISO 8601 instant (UTC where no offset is given). Default: now.");
        var raw = new Option<bool>("--raw") { Description = "Leave texts as they are, also those that a spreadsheet would run as formulas. Default: they get an apostrophe in front." };
        var command = new DescribedCommand("export", "Write the predictions of a job as a CSV file, as scoring.<job>_latest shows them.",
            "export churn --csv churn.csv",
            "export churn --where \"churn_probability > 0.8 AND region = 'north'\" --csv -",
            "export churn --as-of 2026-03-01T06:00:00Z --csv churn.csv")
        { job, csv, where, asOf, raw, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnAnyDatabaseAsync(parse, async host =>
        {
            var started = Stopwatch.GetTimestamp();
            var request = new ExportRequest(parse.GetRequiredValue(job)) { AsOf = parse.GetValue(asOf), Where = parse.GetValue(where), Raw = parse.GetValue(raw) };
            var path = parse.GetRequiredValue(csv);
            var rows = await OutputFile.TellingAsync(() => WriteAsync(context, host.Get<Database>(), request, path, cancellationToken));

            var text = $"{Readable.Count(rows)} rows written in {Readable.Duration(Stopwatch.GetElapsedTime(started))}.";
            if (path == OutputFile.Standard)
                context.Terminal.Progress.WriteLine(text);
            else
                context.Print(parse, new Exported(request.Job, rows), () => context.Terminal.Results.WriteLine(text));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static async Task<long> WriteAsync(CommandContext context, Database database, ExportRequest request, string path, CancellationToken cancellationToken)
    {
        await using var file = OutputFile.Create(
            path == OutputFile.Standard ? path : Path.GetFullPath(path, context.Environment.WorkingFolder), context.Terminal.Output);
        var rows = await TransferProgressBar.ShowAsync(context.Terminal, $"job {request.Job}",
            progress => PredictionExport.WriteAsync(database.Readers, request, file.Stream, progress, cancellationToken));
        await file.CommitAsync();
        return rows;
    }

    private sealed record Exported(string Job, long Rows);
}
