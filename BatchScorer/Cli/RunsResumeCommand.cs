using System.CommandLine;
using BatchScorer.Alarms.Notices;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Runs;

namespace BatchScorer.Cli;

/// <summary><c>runs resume ID</c>: finishes a run by what it froze.</summary>
internal static class RunsResumeCommand
{
    public static Command Create(CommandContext context)
    {
        var id = RunArgument.Create();
        var accept = new Option<bool>("--accept-rejected") { Description = "Publish the run however many rows were rejected, without them." };
        var command = new DescribedCommand("resume", "Finish a run that failed or was stopped, with the model, query and window that it froze.",
            "runs resume 17", "runs resume 17 --accept-rejected")
        { id, accept };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var catalog = host.Get<RunCatalog>();
            var record = await catalog.ReadAsync(parse.GetValue(id), cancellationToken);
            if (record.State is "abandoned" or "withdrawn")
            {
                var remedy = record.State is "withdrawn" ? $"`batchscorer runs publish {record.RunId}` shows it again" : $"`batchscorer run {record.Job}` plans the next one";
                throw new BatchScorerException(ExitCode.Usage, $"Run {record.RunId} of job {record.Job} is {record.State}, expected one that is open: {remedy}.");
            }

            var run = await RunStore.ReadAsync(host.Get<Database>().Writers, record.RunId, cancellationToken);
            var end = await StoppedRun.TellAsync(
                () => RunProgressBar.ShowAsync(context.Terminal, $"run {run.Id} of job {run.Job}",
                    progress => host.Get<JobRunner>().ResumeAsync(run, parse.GetValue(accept), progress, cancellationToken)),
                () => Task.FromResult<Run?>(run), context.Terminal.Progress, cancellationToken);
            var report = await RunReport.ReadAsync(catalog, run.Id, cancellationToken);
            context.Print(parse, report, () => report.PrintSummary(context.Terminal.Results));
            await host.Get<NoticeDelivery>().TryDeliverDueAsync(NoticePatience.AfterRun, cancellationToken);
            return RunCommand.Report(end, context.Terminal.Progress);
        }, cancellationToken));
        return command;
    }
}
