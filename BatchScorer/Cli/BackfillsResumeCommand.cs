using System.CommandLine;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using BatchScorer.Runs.Backfills;

namespace BatchScorer.Cli;

/// <summary><c>backfills resume ID</c>: scores the windows of a backfill that are not published.</summary>
internal static class BackfillsResumeCommand
{
    public static Command Create(CommandContext context)
    {
        var id = BackfillArgument.Create();
        var command = new DescribedCommand("resume", "Go on with a backfill that failed or was stopped: the windows that are not published, with the model that it froze.",
            "backfills resume 3")
        { id };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var store = host.Get<BackfillStore>();
            var backfill = await store.ReadAsync(parse.GetValue(id), cancellationToken);
            var job = await JobPreparation.PrepareAsync(host.Get<Database>(), backfill.Manifest, cancellationToken);
            using var model = job.Model;
            await store.ReopenAsync(backfill, cancellationToken);
            return await BackfillCommand.WorkAsync(context, host, parse, backfill, job, partitions: null, cancellationToken);
        }, cancellationToken));
        return command;
    }
}
