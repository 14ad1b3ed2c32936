using System.CommandLine;
using BatchScorer.Errors;
using BatchScorer.Runs;

namespace BatchScorer.Cli;

/// <summary><c>runs withdraw ID</c>: takes a run's predictions out of what readers see.</summary>
internal static class RunsWithdrawCommand
{
    public static Command Create(CommandContext context)
    {
        var id = RunArgument.Create();
        var command = new DescribedCommand("withdraw", "Hide a published run's predictions from readers; they see those of the runs before it again.", "runs withdraw 17") { id };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var changed = await host.Get<RunControl>().WithdrawAsync(parse.GetValue(id), cancellationToken);
            var run = await host.Get<RunCatalog>().ReadAsync(parse.GetValue(id), cancellationToken);
            context.Print(parse, run, () => context.Terminal.Results.WriteLine(changed
                ? $"Run {run.RunId} of job {run.Job} is withdrawn, and scoring.{run.Job}_latest shows it no longer; `batchscorer runs publish {run.RunId}` brings it back."
                : $"Run {run.RunId} of job {run.Job} was withdrawn already."));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }
}
