using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs.Challengers;
using BatchScorer.Telemetry;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>Works on a run with partitions side by side until it is closed, by this process or another.</summary>
internal sealed class RunWorker(Database database, RunCloser closer, RunCancellation cancellation, ILogger<RunWorker> logger)
{
    // How often a partition that found all pending chunks taken looks whether one has come free.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    private const string Start =
        """
        UPDATE scoring.runs SET state = 'running', started_at = coalesce(started_at, clock_timestamp()), finished_at = NULL, error = NULL
        WHERE run_id = @runId AND state = ANY(@from)
        """;

    private const string StartPlanned =
        "UPDATE scoring.runs SET state = 'running', started_at = coalesce(started_at, clock_timestamp()) WHERE run_id = @runId AND state = 'planned'";

    private const string Tally =
        """
        SELECT coalesce(sum(rows_read), 0)::bigint, coalesce(sum(rows_rejected), 0)::bigint, count(*) FILTER (WHERE state = 'pending')
        FROM scoring.chunks WHERE run_id = @runId
        """;

    private readonly ContinuingRuns continuingRuns = new(database);

    public RetryPolicy Retry { get; init; } = new();

    private Reconnection Reconnection => new(database, Retry.Outage);

    /// <summary>Starts the run, or takes it up again, and stays until it is over or cancelled.</summary>
    /// <param name="prepared">The run.</param>
    /// <param name="limits">The limits on rejected rows, or null to accept any.</param>
    /// <param name="partitions">How many workers, 0 for one a core.</param>
    /// <param name="progress">Told after each chunk.</param>
    /// <param name="spread">Whom to ask for help; null where that is done already, or nobody is to come.</param>
    public async Task<RunEnd> WorkAsync(
        PreparedRun prepared, JobLimits? limits, int partitions, IProgress<RunProgress> progress, CancellationToken cancellationToken, IRunSpread? spread = null)
    {
        await Reconnection.DoAsync(() => StartAsync(prepared.Run, failedOnly: false, spread, cancellationToken), cancellationToken);
        return await StayAsync(prepared, new ChunkSelection(prepared.Run.Id), limits, partitions, progress, cancellationToken);
    }

    /// <summary>
    /// Works on a run beside whoever does, and stays until it is over, or until it has to wait for a run of the job that goes first: then
    /// the worker's place is of more use there. One that has failed or was cancelled is left so.
    /// </summary>
    /// <returns>How it ended; null when it goes on.</returns>
    /// <inheritdoc cref="WorkAsync(PreparedRun, JobLimits?, int, IProgress{RunProgress}, CancellationToken, IRunSpread?)"/>
    public async Task<RunEnd?> AssistAsync(PreparedRun prepared, int partitions, IProgress<RunProgress> progress, CancellationToken cancellationToken)
    {
        // Whoever planned it may have died before it was started.
        await Reconnection.DoAsync(() => ExecuteAsync(StartPlanned, prepared.Run, cancellationToken), cancellationToken);
        return await WorkAsync(prepared, new ChunkSelection(prepared.Run.Id), prepared.Run.Manifest.Job.Limits, partitions, progress, givesWay: true, cancellationToken);
    }

    /// <summary>Takes up the failed chunks of a run that nobody works on. Others that are pending stay so, and the run is then left cancelled.</summary>
    /// <exception cref="BatchScorerException">It has no failed chunks, or it is under way or over.</exception>
    /// <inheritdoc cref="WorkAsync(PreparedRun, JobLimits?, int, IProgress{RunProgress}, CancellationToken, IRunSpread?)"/>
    public async Task<RunEnd> RetryAsync(
        PreparedRun prepared, JobLimits? limits, int partitions, IProgress<RunProgress> progress, CancellationToken cancellationToken)
    {
        var run = prepared.Run;
        var reopenedAt = await Reconnection.DoAsync(() => StartAsync(run, failedOnly: true, spread: null, cancellationToken), cancellationToken)
            ?? throw new BatchScorerException(ExitCode.Usage,
                $"Run {run.Id} of job {run.Job} has nothing to retry: expected one that failed or was cancelled and has failed chunks. See `batchscorer runs show {run.Id}`; `batchscorer runs resume {run.Id}` works on all of its chunks that are not done.");
        return await StayAsync(prepared, new ChunkSelection(run.Id, reopenedAt), limits, partitions, progress, cancellationToken);
    }

    // Only who gives way leaves before the end.
    private async Task<RunEnd> StayAsync(
        PreparedRun prepared, ChunkSelection selection, JobLimits? limits, int partitions, IProgress<RunProgress> progress, CancellationToken cancellationToken) =>
        (await WorkAsync(prepared, selection, limits, partitions, progress, givesWay: false, cancellationToken))!;

    private async Task<RunEnd?> WorkAsync(
        PreparedRun prepared, ChunkSelection selection, JobLimits? limits, int partitions, IProgress<RunProgress> progress, bool givesWay, CancellationToken cancellationToken)
    {
        var run = prepared.Run;
        if (await TryCloseAsync(run, selection, limits, cancellationToken) is { } already)
            return already;

        using var span = RunSpans.Work(run.Job, run.Id);
        using var working = RunMetrics.Working(run.Job);
        var tally = await Reconnection.DoAsync(() => TallyAsync(run, cancellationToken), cancellationToken);
        var journal = new ChunkJournal(prepared, new ProgressCounter(run, tally.Rows, tally.Rejected, progress), logger);
        var workers = Math.Min(partitions == 0 ? Environment.ProcessorCount : partitions, (int)Math.Min(tally.Pending, int.MaxValue));
        var model = run.Manifest.Model;
        RunLogs.RunStarted(logger, run.Id, run.Job, workers, tally.Pending, model.Name, model.Version, model.Sha256, prepared.Model.Engine);
        if (prepared.ChallengerFault is { } fault)
            ChallengerLogs.LeftOut(logger, run.Id, run.Job, fault);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var finished = new CancellationTokenSource();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var watch = cancellation.WatchAsync(run.Id, stop, finished.Token);
        try
        {
            var ends = await Task.WhenAll(Enumerable.Range(0, Math.Max(1, workers)).Select(_ => Task.Run(
                () => WorkAsync(new Partition(prepared, database, selection, Retry, limits?.RejectedRows, journal), run, selection, limits, givesWay, over, stop.Token), stop.Token)));
            return ends.OfType<RunEnd>().FirstOrDefault();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            RunLogs.RunCancelled(logger, run.Id, run.Job);
            return await TryCloseAsync(run, selection, limits, cancellationToken) ?? RunCloser.Cancelled(run);
        }
        finally
        {
            await finished.CancelAsync();
            await watch;
        }
    }

    private async Task<RunEnd?> WorkAsync(
        Partition partition, Run run, ChunkSelection selection, JobLimits? limits, bool givesWay, CancellationTokenSource over, CancellationToken cancellationToken)
    {
        while (!over.IsCancellationRequested)
        {
            if (givesWay && await HasToWaitAsync(run, cancellationToken))
                return null;
            if (run.BackfillId is not null)
                await Reconnection.DoAsync(() => continuingRuns.LetGoFirstAsync(run.Job, _ => { }, cancellationToken), cancellationToken);
            var taken = await partition.TakeChunkAsync(cancellationToken);
            if (await TryCloseAsync(run, selection, limits, cancellationToken) is { } end)
            {
                await over.CancelAsync();
                return end;
            }

            if (!taken)
            {
                await Reconnection.DoAsync(() => CutOffAsync(run, cancellationToken), cancellationToken);
                await Task.Delay(LookAgain, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        return null;
    }

    /// <summary>Whether a run is a backfill's and waits for one of the job's own, which goes first.</summary>
    public async Task<bool> HasToWaitAsync(Run run, CancellationToken cancellationToken) =>
        run.BackfillId is not null && await Reconnection.DoAsync(() => continuingRuns.AnyAsync(run.Job, cancellationToken), cancellationToken);

    private Task<RunEnd?> TryCloseAsync(Run run, ChunkSelection selection, JobLimits? limits, CancellationToken cancellationToken) =>
        Reconnection.DoAsync(() => closer.TryCloseAsync(run, selection, limits, cancellationToken), cancellationToken);

    private async Task<DateTime?> StartAsync(Run run, bool failedOnly, IRunSpread? spread, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        string[] from = failedOnly ? ["failed", "cancelled"] : ["planned", "running", "failed", "cancelled"];
        var started = await connection.ExecuteAsync(new CommandDefinition(Start, new { runId = run.Id, from }, cancellationToken: cancellationToken));
        // A run that is over stays as it is, and so do the chunks of one that was abandoned.
        var reopenedAt = started == 0 ? null : await ChunkStore.ReopenAsync(connection, run.Id, cancellationToken);
        if (failedOnly && reopenedAt is null)
            return null;
        using var asked = spread is null || started == 0 ? null
            : await spread.AskAsync(transaction, run.Id, run.Manifest.Job.Work, (await TallyAsync(connection, run, cancellationToken)).Pending, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return reopenedAt;
    }

    private async Task ExecuteAsync(string sql, Run run, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, new { runId = run.Id }, cancellationToken: cancellationToken));
    }

    // A worker that is stopped inside COPY holds its chunk for ever: no limit of time acts there.
    private async Task CutOffAsync(Run run, CancellationToken cancellationToken)
    {
        var chunkTime = run.Manifest.Job.Limits.ChunkTime;
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var ended = await AttemptStore.EndUnderWayAsync(connection, run.Id, chunkTime, "failed", $"cut off: it took longer than limits.chunkTime, {chunkTime}", cancellationToken);
        if (ended == 0)
            return;
        ChunkMetrics.CutOff(run.Job, ended);
        RunLogs.WorkersCutOff(logger, ended, run.Id, run.Job, chunkTime);
    }

    private async Task<(long Rows, long Rejected, long Pending)> TallyAsync(Run run, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return await TallyAsync(connection, run, cancellationToken);
    }

    private static Task<(long Rows, long Rejected, long Pending)> TallyAsync(NpgsqlConnection connection, Run run, CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<(long, long, long)>(new CommandDefinition(Tally, new { runId = run.Id }, cancellationToken: cancellationToken));
}
