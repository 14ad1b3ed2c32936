using System.CommandLine;
using System.Globalization;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Runs;
using BatchScorer.Runs.Backfills;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>backfills list</c>: the newest backfills.</summary>
internal static class BackfillsListCommand
{
    private const int DefaultLimit = 20;
    private const int MostBackfills = 10_000;

    public static Command Create(CommandContext context)
    {
        var job = JobArgument.CreateOption(context);
        job.Description = "Only backfills of this job.";
        var limit = Numbers.Option("--limit", $"How many at most, 1 to {MostBackfills}. Default: {DefaultLimit}.", 1, MostBackfills);
        var command = new DescribedCommand("list", "List backfills, the newest first.", "backfills list", "backfills list --job churn --output json") { job, limit, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var name = parse.GetValue(job);
            var backfills = await host.Get<BackfillCatalog>().ListAsync(name, parse.GetValue(limit) ?? DefaultLimit, cancellationToken);
            if (backfills.Count == 0 && name is not null && !(await host.Get<RunCatalog>().JobsAsync(cancellationToken)).Contains(name))
                host.ReadJobs().RequireName(name);
            context.Print(parse, backfills, () => Print(backfills, context.Terminal));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static void Print(IReadOnlyList<BackfillRecord> backfills, Terminal terminal)
    {
        if (backfills.Count == 0)
        {
            terminal.Results.WriteLine("There are no backfills.");
            return;
        }

        var table = new TextTable("backfill>", "job", "state", "enqueued", "asked at", "from", "to", "every", "windows>", "published>", "failed>", "read>", "model");
        foreach (var backfill in backfills)
        {
            table.Add(
                backfill.BackfillId.ToString(CultureInfo.InvariantCulture), backfill.Job, backfill.State, backfill.Enqueued ? "yes" : "no", Readable.Time(backfill.AskedAt),
                Readable.CursorValue(backfill.From), Readable.CursorValue(backfill.To), backfill.Every,
                Readable.Count(backfill.Windows), Readable.Count(backfill.WindowsPublished), Readable.Count(backfill.WindowsFailed), Readable.Count(backfill.RowsRead),
                $"{backfill.ModelName} {backfill.ModelVersion}");
        }

        table.Print(terminal.ResultsConsole);
    }
}
