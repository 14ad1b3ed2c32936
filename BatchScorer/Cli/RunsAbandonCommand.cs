using System.CommandLine;
using BatchScorer.Errors;
using BatchScorer.Runs;

namespace BatchScorer.Cli;

/// <summary><c>runs abandon ID</c>: gives a run up and its window back.</summary>
internal static class RunsAbandonCommand
{
    public static Command Create(CommandContext context)
    {
        var id = RunArgument.Create();
        var command = new DescribedCommand("abandon", "Give a run up for good that is not published; the job's next run starts where this one did.", "runs abandon 17") { id };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            await host.Get<RunControl>().AbandonAsync(parse.GetValue(id), cancellationToken);
            var run = await host.Get<RunCatalog>().ReadAsync(parse.GetValue(id), cancellationToken);
            context.Print(parse, run, () => context.Terminal.Results.WriteLine(
                $"Run {run.RunId} is abandoned; the next {(run.Trigger is "replay" ? "replay" : "run")} of job {run.Job} starts where it did."));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }
}
