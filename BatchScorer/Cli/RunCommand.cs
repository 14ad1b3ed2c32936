using System.CommandLine;
using BatchScorer.Alarms.Notices;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Quality;
using BatchScorer.Runs;

namespace BatchScorer.Cli;

/// <summary><c>run JOB</c>: takes up the job's open run, or plans its next one, and works on it until it is over.</summary>
internal static class RunCommand
{
    private const int MostPartitions = 256;

    public static Command Create(CommandContext context)
    {
        var job = JobArgument.Create(context);
        var partitions = CreatePartitions();
        var command = new DescribedCommand("run", "Run a job: take up its open run, or plan the next one, and work on it until it is over.",
            "run churn", "run churn --partitions 4", "run churn --output json",
            "run churn --backfill --from 2026-03-01 --to 2026-04-01 --every 1.00:00:00 --dry-run",
            "run churn --backfill --from 2026-03-01 --to 2026-04-01 --every 1.00:00:00 --enqueue")
        { job, partitions, context.Jobs };
        var backfill = new BackfillOptions();
        backfill.AddTo(command, partitions);
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var found = host.ReadJobs().Find(parse.GetRequiredValue(job));
            if (backfill.IsAsked(parse))
                return await BackfillCommand.RunAsync(context, host, parse, backfill, found, parse.GetValue(partitions), cancellationToken);
            var (report, end) = await StoppedRun.TellAsync(
                () => SourceWait.DoAsync(
                    () => RunAsync(context.Terminal, host, found, parse.GetValue(partitions), cancellationToken), context.Terminal.Progress, host.Get<TimeProvider>(), cancellationToken),
                () => RunStore.FindOpenAsync(host.Get<Database>().Writers, found.Name, isReplay: false, CancellationToken.None), context.Terminal.Progress, cancellationToken);
            context.Print(parse, report, () => report.PrintSummary(context.Terminal.Results));
            await host.Get<NoticeDelivery>().TryDeliverDueAsync(NoticePatience.AfterRun, cancellationToken);
            return Report(end, context.Terminal.Progress);
        }, cancellationToken));
        return command;
    }

    /// <summary>The option of how many workers take chunks.</summary>
    public static Option<int?> CreatePartitions() => Numbers.Option(
        "--partitions", $"How many workers take chunks side by side, 1 to {MostPartitions}, or 0 for one a core. Default: what the job says.", 0, MostPartitions);

    /// <summary>Runs a job with a progress bar.</summary>
    public static async Task<(RunReport Report, RunEnd End)> RunAsync(
        Terminal terminal, ProgramHost host, Job job, int? partitions, CancellationToken cancellationToken)
    {
        var (runId, end) = await RunProgressBar.ShowAsync(terminal, $"job {job.Name}",
            progress => host.Get<JobRunner>().RunAsync(job, new RunRequest(Trigger.Manual), partitions, progress, cancellationToken));
        if (end.ExitCode is ExitCode.Done)
            await host.Get<JobQuality>().FollowRunAsync(job, cancellationToken);
        return (await RunReport.ReadAsync(host.Get<RunCatalog>(), runId, cancellationToken), end);
    }

    /// <summary>Says why a run failed, if it did.</summary>
    public static ExitCode Report(RunEnd end, TextWriter writer)
    {
        if (end.Error is not null)
            writer.WriteLine(end.Error);
        return end.ExitCode;
    }
}
