using System.CommandLine;
using BatchScorer.Errors;
using BatchScorer.Runs.Backfills;

namespace BatchScorer.Cli;

/// <summary><c>backfills cancel ID</c>: stops a backfill in whatever processes work on it.</summary>
internal static class BackfillsCancelCommand
{
    public static Command Create(CommandContext context)
    {
        var id = BackfillArgument.Create();
        var command = new DescribedCommand("cancel", "Stop a backfill in every process that works on it, within 5 seconds; it can be resumed.", "backfills cancel 3") { id };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var ended = await host.Get<BackfillCancellation>().CancelAsync(parse.GetValue(id), cancellationToken);
            if (ended > 0)
                context.Terminal.Progress.WriteLine($"{ended} worker(s) did not stop by themselves; the server has ended their connections.");
            var backfill = await host.Get<BackfillCatalog>().ReadAsync(parse.GetValue(id), cancellationToken);
            context.Print(parse, backfill, () => context.Terminal.Results.WriteLine(
                $"Backfill {backfill.BackfillId} of job {backfill.Job} is cancelled, {backfill.WindowsPublished} of {backfill.Windows} windows published; `batchscorer backfills resume {backfill.BackfillId}` goes on."));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }
}
