using System.CommandLine;
using BatchScorer.Errors;
using BatchScorer.Reports;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>runs report ID --html FILE</c>: all that is to be told of a run, as a page that can be sent to somebody.</summary>
internal static class RunsReportCommand
{
    public static Command Create(CommandContext context)
    {
        var id = RunArgument.Create();
        var html = new Option<string>("--html") { Description = "The HTML file to write. It needs no network, and is there when all of it is written.", HelpName = "FILE", Required = true };
        var command = new DescribedCommand("report", "Write a report of a run as one HTML page: what ran with which model, chunks over time, outputs beside the run before, rejected rows.",
            "runs report 17 --html run-17.html") { id, html };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var path = Path.GetFullPath(parse.GetRequiredValue(html), context.Environment.WorkingFolder);
            var details = await host.Get<RunDetailsReader>().ReadAsync(parse.GetValue(id), countingLimit: null, cancellationToken);
            var written = new Written(details.Run.RunId, path, await ReportFile.WriteAsync(path, RunPage.Of(details).ToString(), cancellationToken));
            context.Print(parse, written, () => context.Terminal.Results.WriteLine($"The report of run {written.RunId} is in {path}, {Readable.Bytes(written.Bytes)}."));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private sealed record Written(long RunId, string File, long Bytes);
}
