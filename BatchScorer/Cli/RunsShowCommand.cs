using System.CommandLine;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Runs;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>runs show ID</c>: a run, its chunks, and why rows were rejected.</summary>
internal static class RunsShowCommand
{
    public static Command Create(CommandContext context)
    {
        var id = RunArgument.Create();
        var command = new DescribedCommand("show", "Show a run, its chunks, and why rows were rejected.", "runs show 17", "runs show 17 --output json") { id };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var report = await RunReport.ReadAsync(host.Get<RunCatalog>(), parse.GetValue(id), cancellationToken);
            context.Print(parse, report, () => Print(report, context.Terminal));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static void Print(RunReport report, Terminal terminal)
    {
        var run = report.Run;
        report.PrintSummary(terminal.Results);
        Fields.Print(
            terminal.Results,
            ("planned", $"{Readable.Time(run.PlannedAt)} on {run.Host}, {run.Trigger}, {Readable.Count(run.RowsPlanned)} rows then"),
            ("slot", run.Slot is null ? null : $"{Readable.Time(run.Slot)} ({run.FiredBy}), fired on {run.Node}"),
            ("follows", run.FollowedRuns is null ? null : $"run {string.Join(", ", run.FollowedRuns)}"),
            ("started", Readable.Time(run.StartedAt)),
            ("finished", Readable.Time(run.FinishedAt)),
            ("error", run.Error));
        terminal.Results.WriteLine();
        report.PrintChunks(terminal);
        terminal.Results.WriteLine();
        report.PrintRejections(terminal);
    }
}
