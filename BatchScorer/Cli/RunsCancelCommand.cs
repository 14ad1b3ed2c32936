using System.CommandLine;
using BatchScorer.Errors;
using BatchScorer.Runs;

namespace BatchScorer.Cli;

/// <summary><c>runs cancel ID</c>: stops a run in whatever processes work on it.</summary>
internal static class RunsCancelCommand
{
    public static Command Create(CommandContext context)
    {
        var id = RunArgument.Create();
        var command = new DescribedCommand("cancel", "Stop a run in every process that works on it, within 5 seconds; it can be resumed.", "runs cancel 17") { id };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var ended = await host.Get<RunCancellation>().CancelAsync(parse.GetValue(id), cancellationToken);
            if (ended > 0)
                context.Terminal.Progress.WriteLine($"{ended} worker(s) did not stop by themselves; the server has ended their connections.");
            var run = await host.Get<RunCatalog>().ReadAsync(parse.GetValue(id), cancellationToken);
            context.Print(parse, run, () => context.Terminal.Results.WriteLine(
                $"Run {run.RunId} of job {run.Job} is cancelled, {run.ChunksDone} of {run.Chunks} chunks done; `batchscorer runs resume {run.RunId}` finishes it."));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }
}
