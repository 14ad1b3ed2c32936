using System.CommandLine;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs;

namespace BatchScorer.Cli;

/// <summary><c>rejected replay JOB</c>: scores a job's rejected rows again after a fix.</summary>
internal static class RejectedReplayCommand
{
    public static Command Create(CommandContext context)
    {
        var job = JobArgument.Create(context);
        var partitions = RunCommand.CreatePartitions();
        var command = new DescribedCommand("replay", "Score the rejected rows of a job again, after a fix of rows, query or model, as a run of its own.",
            "rejected replay churn", "rejected replay churn --output json")
        { job, partitions, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var found = host.ReadJobs().Find(parse.GetRequiredValue(job));
            var replayed = await StoppedRun.TellAsync(
                () => RunProgressBar.ShowAsync(context.Terminal, $"replay of job {found.Name}",
                    progress => host.Get<JobRunner>().ReplayAsync(found, parse.GetValue(partitions), progress, cancellationToken)),
                () => RunStore.FindOpenAsync(host.Get<Database>().Writers, found.Name, isReplay: true, CancellationToken.None),
                context.Terminal.Progress, cancellationToken);
            return replayed is { } replay ? await ReportAsync(context, parse, host, replay, cancellationToken)
                : await ReportNothingAsync(context, parse, host, found, cancellationToken);
        }, cancellationToken));
        return command;
    }

    private static async Task<ExitCode> ReportAsync(
        CommandContext context, ParseResult parse, ProgramHost host, (long RunId, RunEnd End) replay, CancellationToken cancellationToken)
    {
        var report = await RunReport.ReadAsync(host.Get<RunCatalog>(), replay.RunId, cancellationToken);
        context.Print(parse, report, () => report.PrintSummary(context.Terminal.Results));
        return RunCommand.Report(replay.End, context.Terminal.Progress);
    }

    private static async Task<ExitCode> ReportNothingAsync(CommandContext context, ParseResult parse, ProgramHost host, Job job, CancellationToken cancellationToken)
    {
        context.Print(parse, new { Run = (RunRecord?)null }, () => context.Terminal.Results.WriteLine(RejectedListCommand.Nothing(job.Name)));
        await RejectedListCommand.TellUnpublishedAsync(host.Get<RejectedRowCatalog>(), job.Name, context.Terminal.Progress, cancellationToken);
        return ExitCode.Done;
    }
}
