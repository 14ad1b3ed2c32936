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
        var enqueue = new Option<bool>("--enqueue") { Description = "Hand it to the nodes that run `batchscorer serve`, and return at once." };
        var command = new DescribedCommand("resume", "Go on with a backfill that failed or was stopped: the windows that are not published, with the model that it froze.",
            "backfills resume 3", "backfills resume 3 --enqueue")
        { id, enqueue };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var store = host.Get<BackfillStore>();
            var backfill = await store.ReadAsync(parse.GetValue(id), cancellationToken);
            using var job = await JobPreparation.PrepareAsync(host.Get<Database>(), backfill.Manifest, cancellationToken);
            var isEnqueued = parse.GetValue(enqueue);
            backfill = await store.ReopenAsync(backfill, isEnqueued, cancellationToken);
            return isEnqueued
                ? await BackfillCommand.HandOverAsync(context, host, parse, backfill.Id, cancellationToken)
                : await BackfillCommand.WorkAsync(context, host, parse, backfill, job, partitions: null, cancellationToken);
        }, cancellationToken));
        return command;
    }
}
