using System.CommandLine;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Registry;
using BatchScorer.Runs;
using BatchScorer.Runs.Backfills;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>windows JOB --every D</c>: what became of each window of a job's time line.</summary>
internal static class WindowsCommand
{
    public static Command Create(CommandContext context)
    {
        var job = JobArgument.Create(context);
        var every = new Option<string>("--every") { Description = "The length of a window, such as 1.00:00:00 for a day, or a number for an integer cursor.", HelpName = "D", Required = true };
        var from = new Option<string?>("--from") { Description = "Where the first window begins. Default: the least value in the source, rounded down to a whole window.", HelpName = "T" };
        var to = new Option<string?>("--to") { Description = "Where the last window ends. Default: up to where no row can still be committed.", HelpName = "T" };
        var checkSource = new Option<bool>("--check-source") { Description = "Count the rows of each window in the source, and take a window for stale too when one has no outcome as it is now." };
        var command = new DescribedCommand("windows", "Cut a job's time line into windows, and say of each whether it is scored, stale, failed or missing.",
            "windows churn --every 1.00:00:00", "windows churn --every 1.00:00:00 --from 2026-03-01 --to 2026-04-01 --check-source")
        { job, every, from, to, checkSource, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var database = host.Get<Database>();
            using var prepared = await JobPreparation.PrepareAsync(database, host.Get<ModelRegistry>(), host.ReadJobs().Find(parse.GetRequiredValue(job)), cancellationToken);
            var grid = await CutAsync(database, prepared, parse.GetRequiredValue(every), parse.GetValue(from), parse.GetValue(to), cancellationToken);
            var states = host.Get<WindowStates>();
            IReadOnlyList<WindowRecord> windows = grid is null ? []
                : parse.GetValue(checkSource) ? await states.ReadAsync(prepared.Name, prepared.Manifest.Model.Sha256, grid, prepared.Source, prepared.Predictions, cancellationToken)
                : await states.ReadAsync(prepared.Name, prepared.Manifest.Model.Sha256, grid, cancellationToken);
            context.Print(parse, windows, () => Print(windows, prepared.Name, context.Terminal));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    /// <summary>The grid that is asked for; null where neither end is known, since the source is empty.</summary>
    private static async Task<WindowGrid?> CutAsync(Database database, PlannedJob job, string every, string? from, string? to, CancellationToken cancellationToken)
    {
        var scale = BackfillPlanner.ScaleOf(job);
        var length = scale.ParseLength(every, "--every");
        var first = from is not null ? scale.Parse(from, "--from")
            : await SettledRange.FirstAsync(database, job.Source, cancellationToken) is { } least ? Floor(scale.Parse(least, "the least cursor"), length)
            : (long?)null;
        var end = to is not null ? scale.Parse(to, "--to")
            : (await SettledRange.AskAsync(database, job.Name, job.Source, cancellationToken)).To is { } settled ? scale.Parse(settled, "the settled end")
            : (long?)null;
        return first is null || end is null ? null : WindowGrid.Cut(scale, first.Value, end.Value, length);
    }

    private static long Floor(long position, long length) => position - ((position % length) + length) % length;

    private static void Print(IReadOnlyList<WindowRecord> windows, string job, Terminal terminal)
    {
        if (windows.Count == 0)
        {
            terminal.Results.WriteLine($"The source of job {job} has no rows, and so no windows.");
            return;
        }

        WindowList.Print(windows, terminal);
        terminal.Results.WriteLine();
        terminal.Results.WriteLine($"{Readable.Count(windows.Count)} window(s): "
            + string.Join(", ", Enum.GetValues<WindowState>().Select(state => $"{Readable.Count(windows.Count(window => window.State == state))} {state.ToString().ToLowerInvariant()}")) + ".");
    }
}
