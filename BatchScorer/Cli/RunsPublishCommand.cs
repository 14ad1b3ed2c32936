using System.CommandLine;
using BatchScorer.Errors;
using BatchScorer.Runs;

namespace BatchScorer.Cli;

/// <summary><c>runs publish ID</c>: shows the predictions of a run that an alarm holds, or again those of a withdrawn one.</summary>
internal static class RunsPublishCommand
{
    public static Command Create(CommandContext context)
    {
        var id = RunArgument.Create();
        var command = new DescribedCommand("publish", "Show the predictions of a run that an alarm holds, or again those of one that was withdrawn.", "runs publish 17") { id };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var changed = await host.Get<RunControl>().PublishAsync(parse.GetValue(id), cancellationToken);
            var run = await host.Get<RunCatalog>().ReadAsync(parse.GetValue(id), cancellationToken);
            context.Print(parse, run, () => context.Terminal.Results.WriteLine(changed
                ? $"Run {run.RunId} of job {run.Job} is published, and scoring.{run.Job}_latest shows it."
                : $"Run {run.RunId} of job {run.Job} was published already."));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }
}
