using System.CommandLine;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using BatchScorer.Runs.Backfills;

namespace BatchScorer.Cli;

/// <summary><c>run JOB --backfill</c>: plans a backfill, and prints the plan or does what it says.</summary>
internal static class BackfillCommand
{
    public static async Task<ExitCode> RunAsync(
        CommandContext context, ProgramHost host, ParseResult parse, BackfillOptions options, Job found, int? partitions, CancellationToken cancellationToken)
    {
        var job = await JobPreparation.PrepareAsync(host.Get<Database>(), options.WithModel(parse, found, context.Environment), cancellationToken);
        using var model = job.Model;
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
        var id = await store.InsertAsync(job, plan, options.Parallel(parse), cancellationToken);
        return await WorkAsync(context, host, parse, await store.ReadAsync(id, cancellationToken), job, partitions, cancellationToken);
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
            context.Terminal.Progress.WriteLine($"Backfill {backfill.Id} stopped; `batchscorer backfills resume {backfill.Id}` goes on.");
            throw;
        }

        var record = await host.Get<BackfillCatalog>().ReadAsync(backfill.Id, cancellationToken);
        context.Print(parse, record, () => BackfillReport.Print(record, context.Terminal.Results));
        return RunCommand.Report(end, context.Terminal.Progress);
    }
}
