using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;

namespace BatchScorer.Runs.Backfills;

/// <summary>Finds out what a backfill would do. Writes nothing.</summary>
internal sealed class BackfillPlanner(Database database, WindowStates states)
{
    /// <param name="job">The job, prepared with the model that is to score.</param>
    /// <param name="request">What is asked for.</param>
    /// <exception cref="BatchScorerException">The job has no cursor, or the range will not do.</exception>
    public async Task<BackfillPlan> PlanAsync(PlannedJob job, BackfillRequest request, CancellationToken cancellationToken)
    {
        var scale = ScaleOf(job);
        var grid = WindowGrid.Cut(
            scale, scale.Parse(request.From, "--from"), scale.Parse(request.To, "--to"), request.Every is null ? null : scale.ParseLength(request.Every, "--every"));
        await SettledRange.RequireAsync(database, job.Name, job.Source, grid, cancellationToken);

        // Whether the source has changed is worth asking only where it makes a difference.
        var windows = (await states.ReadAsync(
            job.Name, job.Manifest.Model.Sha256, grid, job.Source, request.Only is WindowChoice.Stale ? job.Predictions : null, cancellationToken))
            .Select(window => new PlannedWindow(window.From, window.To, window.Rows!.Value, window.State, window.Models, ActionFor(window, request.Only))).ToList();
        var plan = new BackfillPlan
        {
            Job = job.Name,
            Model = job.Manifest.Model,
            From = grid.Whole.From!,
            To = grid.Whole.To!,
            Every = scale.FormatLength(grid.Length),
            Only = request.Only,
            NewestFirst = request.NewestFirst,
            Windows = windows,
            Estimate = null,
            Hash = PlanHash.Of(job.Manifest, grid, windows),
        };
        return plan with { Estimate = await BackfillEstimate.MakeAsync(database, job.Predictions, plan.Rows, cancellationToken) };
    }

    /// <summary>What the job's cursor values mean.</summary>
    /// <exception cref="BatchScorerException">The job has no cursor.</exception>
    public static CursorScale ScaleOf(PlannedJob job) => job.Definition.Source.Mode is SourceMode.Window && job.Source.Cursor is { } cursor
        ? CursorScale.Of(cursor)
        : throw new BatchScorerException(ExitCode.Usage,
            $"Job {job.Name} has the mode \"{job.Definition.Source.Mode.ToString().ToLowerInvariant()}\" and no windows, expected \"window\" with source.cursor: `batchscorer run {job.Name}` scores what it reads.");

    private static WindowAction ActionFor(WindowRecord window, WindowChoice only) => only switch
    {
        WindowChoice.Missing when window.State is not WindowState.Missing => WindowAction.Leave,
        WindowChoice.Failed when window.State is not WindowState.Failed => WindowAction.Leave,
        WindowChoice.Stale when window.State is not WindowState.Stale => WindowAction.Leave,
        _ => window.Models.Count > 0 ? WindowAction.ScoreAgain : WindowAction.Score,
    };
}
