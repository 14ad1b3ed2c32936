using System.CommandLine;
using System.Globalization;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Runs;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>runs list</c>: the newest runs.</summary>
internal static class RunsListCommand
{
    private const int DefaultLimit = 20;
    private const int MostRuns = 10_000;

    public static Command Create(CommandContext context)
    {
        var job = JobArgument.CreateOption(context);
        var limit = Numbers.Option("--limit", $"How many at most, 1 to {MostRuns}. Default: {DefaultLimit}.", 1, MostRuns);
        var command = new DescribedCommand("list", "List runs, the newest first.", "runs list", "runs list --job churn --limit 5 --output json") { job, limit, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var name = parse.GetValue(job);
            var runs = await host.Get<RunCatalog>().ListAsync(name, parse.GetValue(limit) ?? DefaultLimit, cancellationToken);
            if (runs.Count == 0 && name is not null && !(await host.Get<RunCatalog>().JobsAsync(cancellationToken)).Contains(name))
                host.ReadJobs().RequireName(name);
            context.Print(parse, runs, () => Print(runs, name, context.Terminal));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static void Print(IReadOnlyList<RunRecord> runs, string? job, Terminal terminal)
    {
        if (runs.Count == 0)
        {
            terminal.Results.WriteLine(job is null ? "There are no runs." : $"Job {job} has no runs yet: `batchscorer run {job}` makes the first.");
            return;
        }

        var table = new TextTable("run>", "job", "state", "planned at", "duration>", "read>", "rejected>", "rows/s>", "model", "window");
        foreach (var run in runs)
        {
            table.Add(
                run.RunId.ToString(CultureInfo.InvariantCulture), run.Job, run.StateInWords(), Readable.Time(run.PlannedAt), Readable.Duration(run.Duration),
                Readable.Count(run.RowsRead), Readable.Count(run.RowsRejected), run.RowsPerSecond is { } speed ? Readable.Count((long)speed) : "-",
                $"{run.ModelName} {run.ModelVersion}", run.WindowInWords());
        }

        table.Print(terminal.ResultsConsole);
    }
}
