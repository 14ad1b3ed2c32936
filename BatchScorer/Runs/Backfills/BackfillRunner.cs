using System.Collections.Concurrent;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Predictions;

namespace BatchScorer.Runs.Backfills;

/// <summary>Scores the windows of a backfill, each as a run of its own, and lets the job's continuing runs go first.</summary>
internal sealed class BackfillRunner(Database database, RunPlanner planner, RunWorker worker, BackfillStore store, TimeProvider time, IRunSpread? spread = null)
{
    private readonly ContinuingRuns continuingRuns = new(database);

    /// <summary>Works on the windows that are not published yet until all are over. Another process may do the same: they share each window's run.</summary>
    /// <param name="backfill">The backfill, running.</param>
    /// <param name="job">Its job, prepared by what it froze.</param>
    /// <param name="partitions">How many workers in all; null for what the job says.</param>
    /// <param name="progress">Told after each chunk and window.</param>
    /// <returns>How it ended; a window that failed does not keep the others from being scored.</returns>
    public async Task<RunEnd> RunAsync(Backfill backfill, PlannedJob job, int? partitions, IProgress<BackfillProgress> progress, CancellationToken cancellationToken)
    {
        await using (var connection = await database.Writers.OpenConnectionAsync(cancellationToken))
            await PredictionsTable.CheckAsync(connection, job.Predictions, cancellationToken);
        var windows = new ConcurrentQueue<PendingWindow>(await store.PendingAsync(backfill.Id, cancellationToken));
        var failures = new ConcurrentQueue<(PendingWindow Window, RunEnd End)>();
        var tally = new BackfillTally(windows.Count, windows.Sum(window => window.RowsExpected), time, progress);
        var workers = Math.Min(backfill.Parallel, windows.Count);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(
            () => WorkAsync(backfill, job, Share(job, partitions, workers), windows, failures, tally, stop), cancellationToken)));
        return await CloseAsync(backfill, failures, cancellationToken);
    }

    private async Task WorkAsync(
        Backfill backfill, PlannedJob job, int partitions, ConcurrentQueue<PendingWindow> windows, ConcurrentQueue<(PendingWindow, RunEnd)> failures,
        BackfillTally tally, CancellationTokenSource stop)
    {
        try
        {
            while (!stop.IsCancellationRequested && windows.TryDequeue(out var window))
            {
                await continuingRuns.LetGoFirstAsync(
                    job.Name, run => tally.Tell($"waits for run {run} of job {job.Name}, which goes first"), stop.Token);
                if (await FindOrPlanAsync(backfill, job, window, stop.Token) is not var (run, planned))
                    return;
                var prepared = job.Prepare(run);
                // Planning has asked for help already.
                var end = await worker.WorkAsync(prepared, job.Definition.Limits, partitions, new Report(tally.Add), stop.Token, planned ? null : spread);
                if (end.ExitCode is not ExitCode.Done)
                    failures.Enqueue((window, end));
                tally.EndWindow($"{window.WindowFrom} to {window.WindowTo}: run {run.Id} {(end.ExitCode is ExitCode.Done ? "published" : $"failed: {end.Error}")}");
            }
        }
        catch
        {
            // What stops one window at its planning stops them all; a run that fails is no exception.
            await stop.CancelAsync();
            throw;
        }
    }

    /// <summary>The run of a window, and whether it was planned here and now; null when the backfill has been cancelled.</summary>
    private async Task<(Run Run, bool Planned)?> FindOrPlanAsync(Backfill backfill, PlannedJob job, PendingWindow window, CancellationToken cancellationToken)
    {
        var request = new RunRequest(Trigger.Backfill) { Window = window.Range, BackfillId = backfill.Id };
        while (await store.IsRunningAsync(backfill.Id, cancellationToken))
        {
            if (await RunStore.FindOfBackfillAsync(database.Writers, backfill.Id, window.WindowFrom, cancellationToken) is { } run)
                return (run, false);
            // Null means that another process has planned it meanwhile, or that the backfill was cancelled.
            if (await planner.PlanAsync(job, request, cancellationToken) is { } runId)
                return (await RunStore.ReadAsync(database.Writers, runId, cancellationToken), true);
        }

        return null;
    }

    private async Task<RunEnd> CloseAsync(Backfill backfill, ConcurrentQueue<(PendingWindow Window, RunEnd End)> failures, CancellationToken cancellationToken)
    {
        var left = await store.PendingAsync(backfill.Id, cancellationToken);
        string? error = null;
        if (failures.TryPeek(out var first))
        {
            error = $"{failures.Count} window(s) of backfill {backfill.Id} failed, the first {first.Window.WindowFrom} to {first.Window.WindowTo}: {first.End.Error} "
                + $"`batchscorer backfills show {backfill.Id}` lists them, and `batchscorer backfills resume {backfill.Id}` tries them again.";
        }
        else if (left.Count > 0)
        {
            error = $"{left.Count} window(s) of backfill {backfill.Id} are not scored; `batchscorer backfills resume {backfill.Id}` scores them.";
        }

        if (!await store.CloseAsync(backfill.Id, error, cancellationToken) && left.Count > 0)
            return new RunEnd(ExitCode.Failed, $"Backfill {backfill.Id} was cancelled; `batchscorer backfills resume {backfill.Id}` goes on.");
        var exitCode = error is null ? ExitCode.Done
            : !failures.IsEmpty && failures.All(failure => failure.End.ExitCode is ExitCode.RejectedOverLimit) ? ExitCode.RejectedOverLimit
            : ExitCode.Failed;
        return new RunEnd(exitCode, error);
    }

    private static int Share(PlannedJob job, int? partitions, int workers)
    {
        var all = partitions ?? job.Definition.Work.Partitions;
        return Math.Max(1, (all == 0 ? Environment.ProcessorCount : all) / workers);
    }

    // Progress<T> would report on another thread, after the window is over.
    private sealed class Report(Action<RunProgress> add) : IProgress<RunProgress>
    {
        void IProgress<RunProgress>.Report(RunProgress value) => add(value);
    }
}
