using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Registry;
using BatchScorer.Telemetry;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>Runs a job from beginning to end: takes up the run that is open, or plans the next one, and works on it until it is over.</summary>
internal sealed class JobRunner(Database database, ModelRegistry registry, RunPlanner planner, RunWorker worker, IRunSpread? spread = null)
{
    // Each lost attempt means that somebody else has planned, and mostly finished, a run in between.
    private const int MostAttempts = 10;

    private Reconnection Reconnection => new(database, worker.Retry.Outage);

    /// <param name="job">The job as its file is now; an open run goes on by what it froze.</param>
    /// <param name="request">Why, and over which rows.</param>
    /// <param name="partitions">How many workers; null for what the job says.</param>
    /// <param name="progress">Told after each chunk.</param>
    /// <returns>The run's number, and how it ended.</returns>
    public async Task<(long RunId, RunEnd End)> RunAsync(
        Job job, RunRequest request, int? partitions, IProgress<RunProgress> progress, CancellationToken cancellationToken) =>
        await TryRunAsync(job, request, partitions, progress, cancellationToken)
            ?? throw new ArgumentException("A slot or a replay may have nothing to do: ask for it by RunSlotAsync or ReplayAsync.", nameof(request));

    /// <summary>Sees to it that a slot has its run: finishes the job's open run first, since nothing is planned past it, then plans the slot's own.</summary>
    /// <returns>The last run worked on, and how it ended; null when the slot had had its run.</returns>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<(long RunId, RunEnd End)?> RunSlotAsync(
        Job job, RunRequest request, int? partitions, IProgress<RunProgress> progress, CancellationToken cancellationToken)
    {
        (long RunId, RunEnd End)? last = null;
        while (await TryRunAsync(job, request, partitions, progress, cancellationToken) is { } worked)
        {
            last = worked;
            if (worked.End.ExitCode is not ExitCode.Done)
                break;
        }

        return last;
    }

    /// <summary>Scores the job's rejected rows again: takes up the replay that is open, or plans one, and works on it until it is over.</summary>
    /// <returns>The run's number, and how it ended; null when there is nothing to replay.</returns>
    /// <inheritdoc cref="RunAsync"/>
    public Task<(long RunId, RunEnd End)?> ReplayAsync(Job job, int? partitions, IProgress<RunProgress> progress, CancellationToken cancellationToken) =>
        TryRunAsync(job, new RunRequest(Trigger.Replay), partitions, progress, cancellationToken);

    /// <summary>Works on the open run of the request's kind, or on the next one.</summary>
    /// <returns>Null when there is nothing to replay, or the run of the request's slot is over.</returns>
    private async Task<(long RunId, RunEnd End)?> TryRunAsync(
        Job job, RunRequest request, int? partitions, IProgress<RunProgress> progress, CancellationToken cancellationToken)
    {
        using var span = RunSpans.Run(job.Name, RunStore.Word(request.Trigger));
        using var models = new Lease();
        // Nobody joins a run of a window that somebody names, so one whose commit nobody has heard of must not be planned again.
        var found = request.Window is null
            ? await Reconnection.DoAsync(() => JoinOrPlanAsync(job, request, models, cancellationToken), cancellationToken)
            : await JoinOrPlanAsync(job, request, models, cancellationToken);
        if (found is not var (prepared, planned))
            return null;
        span?.SetTag(TagNames.RunId, prepared.Run.Id);
        var definition = prepared.Run.Manifest.Job;
        // Planning has asked for help already.
        var end = await worker.WorkAsync(prepared, definition.Limits, partitions ?? definition.Work.Partitions, progress, cancellationToken, planned ? null : spread);
        return (prepared.Run.Id, end);
    }

    /// <summary>Whether a run is a backfill's and waits for one of the job's own, which goes first: who comes to help with it is of no use now.</summary>
    public async Task<bool> HasToWaitAsync(long runId, CancellationToken cancellationToken) =>
        await worker.HasToWaitAsync(await RunStore.ReadAsync(database.Writers, runId, cancellationToken), cancellationToken);

    /// <summary>Works on a run beside whoever does, if it is planned or under way, as long as it does not have to wait.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="partitions">How many workers; null for what the job says.</param>
    /// <param name="progress">Told after each chunk.</param>
    /// <returns>How it ended; null when it was over before, or has to wait.</returns>
    public async Task<RunEnd?> AssistAsync(long runId, int? partitions, IProgress<RunProgress> progress, CancellationToken cancellationToken)
    {
        if (!await OpenRuns.IsUnderWayAsync(database.Writers, runId, cancellationToken))
            return null;
        if (await TryJoinAsync(await RunStore.ReadAsync(database.Writers, runId, cancellationToken), cancellationToken) is not { } prepared)
            return null;
        using var loaded = prepared;
        return await worker.AssistAsync(prepared, partitions ?? prepared.Run.Manifest.Job.Work.Partitions, progress, cancellationToken);
    }

    /// <summary>Finishes a run by what it froze.</summary>
    /// <param name="run">The run.</param>
    /// <param name="acceptRejected">Whether to publish it however many rows were rejected.</param>
    /// <param name="progress">Told after each chunk.</param>
    public async Task<RunEnd> ResumeAsync(Run run, bool acceptRejected, IProgress<RunProgress> progress, CancellationToken cancellationToken)
    {
        using var prepared = await JobPreparation.PrepareAsync(database, run, cancellationToken);
        var definition = run.Manifest.Job;
        return await worker.WorkAsync(prepared, acceptRejected ? null : definition.Limits, definition.Work.Partitions, progress, cancellationToken);
    }

    /// <summary>Works on the failed chunks of a run, and on no others.</summary>
    /// <exception cref="BatchScorerException">It has none, or it is under way or over.</exception>
    public async Task<RunEnd> RetryAsync(Run run, IProgress<RunProgress> progress, CancellationToken cancellationToken)
    {
        using var prepared = await JobPreparation.PrepareAsync(database, run, cancellationToken);
        var definition = run.Manifest.Job;
        return await worker.RetryAsync(prepared, definition.Limits, definition.Work.Partitions, progress, cancellationToken);
    }

    private async Task<(PreparedRun Run, bool Planned)?> JoinOrPlanAsync(Job job, RunRequest request, Lease models, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            if (request.Slot is { } slot && await RunSlots.IsOverAsync(database.Writers, job.Name, slot, cancellationToken))
                return null;
            if (request.Window is null && await RunStore.FindOpenAsync(database.Writers, job.Name, request.IsReplay, cancellationToken) is { } open)
            {
                RunHold.Refuse(open);
                if (await TryJoinAsync(open, cancellationToken) is not { } joined)
                    continue;
                models.Hold(joined);
                return (joined, false);
            }

            var planned = await JobPreparation.PrepareAsync(database, registry, job, cancellationToken);
            models.Hold(planned);
            planned = await CheckTablesAsync(planned, cancellationToken);
            if (request.IsReplay && !await UnresolvedRows.AnyAsync(database.Writers, job.Definition, cancellationToken))
                return null;
            if (request is { Window: null, IsReplay: false })
                await SourceFreshnessCheck.RequireAsync(database.Readers, job, cancellationToken);
            if (await PlanAsync(job, planned, request, cancellationToken) is { } runId)
            {
                var run = await RunStore.ReadAsync(database.Writers, runId, cancellationToken);
                return (planned.Prepare(run), true);
            }
        }

        throw new BatchScorerException(ExitCode.UnderWayElsewhere,
            $"Others planned runs of job \"{job.Name}\" {MostAttempts} times just before this one could: see `batchscorer runs list --job {job.Name}`, and try again.");
    }

    private async Task<long?> PlanAsync(Job job, PlannedJob planned, RunRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await planner.PlanAsync(planned, request, cancellationToken);
        }
        catch (PostgresException cause) when (SourceFault.Find(planned, cause) is { } fault)
        {
            throw new JobPlaces(job).Refuse([fault], ExitCode.Failed, cause);
        }
    }

    /// <summary>Prepares an open run, or gives null when others have ended it meanwhile, and with it the rows that it had staged.</summary>
    private async Task<PreparedRun?> TryJoinAsync(Run open, CancellationToken cancellationToken)
    {
        try
        {
            return await JobPreparation.PrepareAsync(database, open, cancellationToken);
        }
        catch (BatchScorerException) when (open.Manifest.Source.StagedTable is not null)
        {
            if (await RunStore.IsOpenAsync(database.Writers, open.Id, cancellationToken))
                throw;
            return null;
        }
    }

    /// <summary>The job, without its challenger where that has no table to write to.</summary>
    private async Task<PlannedJob> CheckTablesAsync(PlannedJob job, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await PredictionsTable.CheckAsync(connection, job.Predictions, cancellationToken);
        if (job.Challenger is null)
            return job;
        try
        {
            await PredictionsTable.CheckAsync(connection, job.Predictions.OfChallenger(), cancellationToken);
            return job;
        }
        catch (BatchScorerException fault)
        {
            return job.WithoutChallenger(fault.Message);
        }
    }

    /// <summary>Disposes of the last thing it was given, so that each way out of a loop does.</summary>
    private sealed class Lease : IDisposable
    {
        private IDisposable? held;

        public void Hold(IDisposable next)
        {
            held?.Dispose();
            held = next;
        }

        public void Dispose() => held?.Dispose();
    }
}
