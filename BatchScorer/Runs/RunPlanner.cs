using System.Diagnostics;
using BatchScorer.Checkpoints;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs.Challengers;
using BatchScorer.Runs.Watching;
using BatchScorer.Sources;
using BatchScorer.Telemetry;
using Dapper;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Runs;

/// <summary>Plans a run: fixes its window, stages what has to be, cuts its chunks, and then writes run, manifest and chunks in one short transaction.</summary>
internal sealed class RunPlanner(Database database, TimeProvider time, ILogger<RunPlanner> logger, IRunSpread? spread = null)
{
    /// <summary>Plans the run that is asked for.</summary>
    /// <returns>Its number, or null when somebody else has planned it meanwhile: join that one; or nothing is left to replay.</returns>
    public async Task<long?> PlanAsync(PlannedJob job, RunRequest request, CancellationToken cancellationToken)
    {
        using var span = RunSpans.Plan(job.Name);
        var started = Stopwatch.GetTimestamp();
        var plannedAt = time.GetUtcNow();
        var (window, bound) = await ChooseWindowAsync(job, request, cancellationToken);
        var reading = Run.Reading(job.Definition, window, request.Continues(job.Definition), request.Trigger);
        var wanted = request.IsReplay ? StagedRows.Rejected : job.Definition.Source.Mode is SourceMode.Unscored ? StagedRows.Unscored : StagedRows.All;
        var stages = !job.SourceIsTable || wanted is not StagedRows.All;
        var cuts = stages ? null : await CutAsync(job, job.Source, reading, cancellationToken);

        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var (runId, lastRun, isOpen) = await RunStore.NextIdAsync(connection, job.Name, request.IsReplay, cancellationToken);
        // What is staged now would have the rows of the open run, which may have ended by the time that this one is written.
        if (isOpen && request.Window is null)
            return null;
        await using var staging = new SourceStaging(connection, runId);
        var source = stages ? await StageAsync(staging, job, reading, wanted, cancellationToken) : job.Source;
        cuts ??= await CutAsync(job, source, reading, cancellationToken);
        if (!request.IsReplay && cuts.Rows > 0)
            await RefuseMisfitsAsync(job, source, reading, cancellationToken);
        // On its own: whoever makes a partition keeps others from making it, and a planner may stand still.
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT scoring.ensure_predictions_partition(@job, @plannedOn::date)",
            new { job = job.Name, plannedOn = RunStore.Day(plannedAt) }, cancellationToken: cancellationToken));
        if (job.Challenger is not null)
            await ChallengerTables.EnsurePartitionAsync(connection, job.Name, RunStore.Day(plannedAt), cancellationToken);

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Planning locks the job: a planner that stands still is cut off, and what it wrote is gone.
        await TransactionTime.LimitIdleAsync(connection, job.Definition.Limits.ChunkTime, cancellationToken);
        await FrozenModels.AddAsync(connection, job.ModelFile, job.Manifest.Model, job.Model.Schema, cancellationToken);
        if (job.Challenger is { } challenger)
            await FrozenModels.AddAsync(connection, challenger.File, challenger.Frozen.Model, challenger.Model.Schema, cancellationToken);
        var manifest = job.Manifest with { Source = job.Manifest.Source with { StagedTable = stages ? SourceStaging.TableName(runId) : null } };
        var planned = await RunStore.InsertAsync(connection, new NewRun
        {
            RunId = runId,
            Request = request,
            Manifest = manifest,
            Window = window,
            WindowHeldBy = bound?.HeldBy,
            LastRun = wanted is StagedRows.Unscored ? lastRun : null,
            Cuts = cuts,
            PlannedAt = plannedAt,
            PlanningTime = Stopwatch.GetElapsedTime(started),
        }, cancellationToken);
        if (!planned || (request.IsReplay && !await TakenUpRows.TryMarkAsync(connection, runId, cancellationToken)))
            return null;

        await Checkpoint.ReachAsync(Checkpoint.DuringPlanning, cancellationToken);
        using var asked = spread is null ? null : await spread.AskAsync(transaction, runId, job.Definition.Work, cuts.Ranges.Count, cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        var planningTime = Stopwatch.GetElapsedTime(started);
        var trigger = RunStore.Word(request.Trigger);
        RunMetrics.Planned(job.Name, trigger, planningTime, bound?.Held ?? TimeSpan.Zero);
        RunLogs.RunPlanned(logger, runId, job.Name, trigger, window.From ?? "the beginning", window.To ?? "the end", cuts.Rows, cuts.Ranges.Count, planningTime.TotalSeconds);
        if (bound?.HeldBy is { } holder)
            RunLogs.WindowHeld(logger, runId, job.Name, holder);
        return runId;
    }

    private Task<ChunkCuts> CutAsync(PlannedJob job, SourceLayout source, CursorRange window, CancellationToken cancellationToken) =>
        ChunkCutter.CutAsync(database.Readers, source, KeyRange.All, window, job.Definition.Work.ChunkRows, cancellationToken);

    private async Task RefuseMisfitsAsync(PlannedJob job, SourceLayout source, CursorRange window, CancellationToken cancellationToken)
    {
        var model = job.Manifest.Model;
        if (await SourceSample.FindMisfitsAsync(database, job.Definition, model.Sha256, source.Reading([]), window, cancellationToken) is { Count: > 0 } misfits)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration,
                $"Job {job.Name} is not run, and nothing is written: its source is not like the rows that its model, {model.Name} {model.Version}, was made with.\n"
                + string.Join('\n', misfits.Select(misfit => $"  {misfit.Path}: {misfit.Message}"))
                + $"\n{SourceSample.Remedy}");
        }
    }

    private async Task<SourceLayout> StageAsync(SourceStaging staging, PlannedJob job, CursorRange window, StagedRows wanted, CancellationToken cancellationToken)
    {
        await using var reader = await database.Readers.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await ReadOnlyTransaction.BeginAsync(reader, cancellationToken);
        return await staging.StageAsync(reader, job, window, wanted, cancellationToken);
    }

    private async Task<(CursorRange Window, WindowBound? Bound)> ChooseWindowAsync(PlannedJob job, RunRequest request, CancellationToken cancellationToken)
    {
        if (request.Window is { } fixedWindow)
            return (fixedWindow, null);
        if (request.IsReplay || job.Definition.Source.Mode is not SourceMode.Window)
            return (new CursorRange(null, null), null);
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var from = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "SELECT next_from FROM scoring.jobs WHERE name = @job", new { job = job.Name }, cancellationToken: cancellationToken));
        var bound = await WindowBound.AskAsync(connection, job.Source, from, cancellationToken);
        if (request.Slot is { } slot)
            bound = bound.NotPast(slot, job.Source, from);
        return (new CursorRange(from, bound.To), bound);
    }
}
