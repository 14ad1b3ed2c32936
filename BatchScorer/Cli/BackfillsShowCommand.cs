using System.CommandLine;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Runs.Backfills;

namespace BatchScorer.Cli;

/// <summary><c>backfills show ID</c>: a backfill with its windows.</summary>
internal static class BackfillsShowCommand
{
    public static Command Create(CommandContext context)
    {
        var id = BackfillArgument.Create();
        var command = new DescribedCommand("show", "Show a backfill with each of its windows.", "backfills show 3", "backfills show 3 --output json") { id };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var catalog = host.Get<BackfillCatalog>();
            var backfill = await catalog.ReadAsync(parse.GetValue(id), cancellationToken);
            var windows = await catalog.WindowsAsync(backfill.BackfillId, cancellationToken);
            context.Print(parse, new { backfill, windows }, () =>
            {
                BackfillReport.Print(backfill, context.Terminal.Results);
                if (backfill.Error is not null)
                    context.Terminal.Results.WriteLine(backfill.Error);
                context.Terminal.Results.WriteLine();
                BackfillReport.Print(windows, context.Terminal);
            });
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }
}
