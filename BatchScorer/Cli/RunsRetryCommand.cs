using System.CommandLine;
using BatchScorer.Cli.Printing;
using BatchScorer.Postgres;
using BatchScorer.Runs;

namespace BatchScorer.Cli;

/// <summary><c>runs retry ID</c>: works on the failed chunks of a run.</summary>
internal static class RunsRetryCommand
{
    public static Command Create(CommandContext context)
    {
        var id = RunArgument.Create();
        var command = new DescribedCommand("retry", "Work on the failed chunks of a run, and on no others, with the model, query and window that it froze.", "runs retry 17") { id };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var catalog = host.Get<RunCatalog>();
            var record = await catalog.ReadAsync(parse.GetValue(id), cancellationToken);
            var run = await RunStore.ReadAsync(host.Get<Database>().Writers, record.RunId, cancellationToken);
            var end = await StoppedRun.TellAsync(
                () => RunProgressBar.ShowAsync(context.Terminal, $"run {run.Id} of job {run.Job}",
                    progress => host.Get<JobRunner>().RetryAsync(run, progress, cancellationToken)),
                () => Task.FromResult<Run?>(run), context.Terminal.Progress, cancellationToken);
            var report = await RunReport.ReadAsync(catalog, run.Id, cancellationToken);
            context.Print(parse, report, () => report.PrintSummary(context.Terminal.Results));
            return RunCommand.Report(end, context.Terminal.Progress);
        }, cancellationToken));
        return command;
    }
}
