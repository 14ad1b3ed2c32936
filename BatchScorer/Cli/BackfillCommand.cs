using System.CommandLine;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Registry;
using BatchScorer.Runs;
using BatchScorer.Runs.Backfills;

namespace BatchScorer.Cli;

/// <summary><c>run JOB --backfill</c>: plans a backfill, and prints the plan, does what it says, or hands it to the nodes that run <c>serve</c>.</summary>
internal static class BackfillCommand
{
    public static async Task<ExitCode> RunAsync(
        CommandContext context, ProgramHost host, ParseResult parse, BackfillOptions options, Job found, int? partitions, CancellationToken cancellationToken)
    {
        using var prepared = await JobPreparation.PrepareAsync(host.Get<Database>(), host.Get<ModelRegistry>(), options.WithModel(parse, found, context.Environment), cancellationToken);
        // What is scored once more tells nothing about which model is to come.
        var job = prepared.WithoutChallenger(fault: null);
        var plan = await host.Get<BackfillPlanner>().PlanAsync(job, options.Request(parse), cancellationToken);
        if (options.Plan(parse) is { } hash)
            PlanHash.Require(hash, plan.Hash);
        if (options.IsDryRun(parse))
        {
            context.Print(parse, plan, () => BackfillReport.Print(plan, context.Terminal));
            return ExitCode.Done;
        }

        if (!plan.Chosen().Any())
        {
            context.Print(parse, plan, () => context.Terminal.Results.WriteLine(BackfillReport.NothingToDo(plan)));
            return ExitCode.Done;
        }

        var store = host.Get<BackfillStore>();
        var isEnqueued = options.IsEnqueued(parse);
        var id = await store.InsertAsync(job, plan, options.Parallel(parse), isEnqueued, cancellationToken);
        return isEnqueued
            ? await HandOverAsync(context, host, parse, id, cancellationToken)
            : await WorkAsync(context, host, parse, await store.ReadAsync(id, cancellationToken), job, partitions, cancellationToken);
    }

    /// <summary>Says that a backfill is the nodes' from now on.</summary>
    public static async Task<ExitCode> HandOverAsync(CommandContext context, ProgramHost host, ParseResult parse, long id, CancellationToken cancellationToken)
    {
        var record = await host.Get<BackfillCatalog>().ReadAsync(id, cancellationToken);
        context.Print(parse, record, () => BackfillReport.PrintHandedOver(record, context.Terminal.Results));
        return ExitCode.Done;
    }

    /// <summary>Works on a backfill with its progress shown, and prints what became of it.</summary>
    public static async Task<ExitCode> WorkAsync(
        CommandContext context, ProgramHost host, ParseResult parse, Backfill backfill, PlannedJob job, int? partitions, CancellationToken cancellationToken)
    {
        RunEnd end;
        try
        {
            end = await BackfillProgressBar.ShowAsync(context.Terminal, $"backfill {backfill.Id} of job {backfill.Job}",
                progress => host.Get<BackfillRunner>().RunAsync(backfill, job, partitions, progress, cancellationToken));
        }
        catch
        {
            context.Terminal.Progress.WriteLine(backfill.Enqueued
                ? $"This process has stopped; the nodes that run `batchscorer serve` go on with backfill {backfill.Id}."
                : $"Backfill {backfill.Id} stopped; `batchscorer backfills resume {backfill.Id}` goes on.");
            throw;
        }

        var record = await host.Get<BackfillCatalog>().ReadAsync(backfill.Id, cancellationToken);
        context.Print(parse, record, () => BackfillReport.Print(record, context.Terminal.Results));
        return RunCommand.Report(end, context.Terminal.Progress);
    }
}
