using System.Globalization;
using System.Reflection;
using BatchScorer.Errors;
using BatchScorer.Sources;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace BatchScorer.Runs;

/// <summary>A run that is about to be written.</summary>
internal sealed record NewRun
{
    public required long RunId { get; init; }

    public required RunRequest Request { get; init; }

    public required Manifest Manifest { get; init; }

    public required CursorRange Window { get; init; }

    public required string? WindowHeldBy { get; init; }

    public required ChunkCuts Cuts { get; init; }

    /// <summary>
    /// The job's last run when the rows were chosen, 0 for none, where the choice holds only as long as no other has been planned;
    /// null where it holds anyway.
    /// </summary>
    public long? LastRun { get; init; }

    public required DateTimeOffset PlannedAt { get; init; }

    public required TimeSpan PlanningTime { get; init; }
}

/// <summary>Writes and reads the rows of runs and their chunks.</summary>
internal static class RunStore
{
    private const string Insert =
        """
        INSERT INTO scoring.runs (run_id, job, trigger, mode, continuing, window_from, window_to, window_held_by, model_sha256, manifest,
                                  chunks, rows_planned, planned_on, planned_at, planning_ms, host, process_id, program_version,
                                  slot, fired_by, node, backfill_id, followed_runs)
        OVERRIDING SYSTEM VALUE
        VALUES (@runId, @job, @trigger, @mode, @continuing, @windowFrom, @windowTo, @windowHeldBy, @modelSha256, @manifest::jsonb,
                @chunks, @rowsPlanned, @plannedOn::date, @plannedAt, @planningMs, @host, @processId, @programVersion,
                @slot, @firedBy, @node, @backfillId, @followedRuns)
        ON CONFLICT DO NOTHING
        """;

    // Whoever plans the job's next run holds its row. What others have planned until then shows in the statements after this one. The
    // lock leaves out those who only refer to the row, as runs of given windows do.
    private const string KnowsJob = "SELECT true FROM scoring.jobs WHERE name = @job";

    private const string LockJob = $"{KnowsJob} FOR NO KEY UPDATE";

    // Replays stand in the way of replays only. A run over a window that somebody named stands in nobody's.
    private const string OpenOfItsKind =
        $"""
        job = @job AND (trigger = 'replay') = @isReplay AND (@isReplay OR continuing OR mode <> 'window') AND state IN {RunStates.Open}
        """;

    // Nothing is planned past a run that is open or from a place that has moved on.
    private const string MayPlan =
        $"""
        SELECT NOT EXISTS (SELECT FROM scoring.runs WHERE {OpenOfItsKind})
            AND (NOT @continuing OR (SELECT next_from IS NOT DISTINCT FROM @expectedFrom FROM scoring.jobs WHERE name = @job))
            AND NOT EXISTS (SELECT FROM scoring.runs WHERE job = @job AND trigger <> 'replay' AND run_id > @lastRun)
        """;

    private const string NextId =
        $"""
        SELECT nextval(pg_get_serial_sequence('scoring.runs', 'run_id')),
               (SELECT coalesce(max(run_id), 0) FROM scoring.runs WHERE job = @job AND trigger <> 'replay'),
               EXISTS (SELECT FROM scoring.runs WHERE {OpenOfItsKind})
        """;

    // A window that somebody names stands in nobody's way, and waits for nobody. That of a backfill is planned only while the backfill
    // goes on, so that whoever cancels it finds all its runs.
    private const string MayPlanWindow =
        """
        SELECT @backfillId::bigint IS NULL OR EXISTS (SELECT FROM scoring.backfills WHERE backfill_id = @backfillId AND state = 'running' FOR SHARE)
        """;

    private const string AdvanceCursor = "UPDATE scoring.jobs SET next_from = @windowTo, model_sha256 = @modelSha256 WHERE name = @job";

    private const string Select =
        "SELECT run_id, trigger, manifest::text AS manifest, window_from, window_to, continuing, planned_on, rows_planned, backfill_id, CASE WHEN state = 'succeeded' THEN held_reason END AS held_reason FROM scoring.runs";

    private const string Open =
        $"""
        {Select}
        WHERE {OpenOfItsKind}
        ORDER BY run_id LIMIT 1
        """;

    private const string ById = $"{Select} WHERE run_id = @runId";

    private const string OfBackfill = $"{Select} WHERE backfill_id = @backfillId AND window_from = @windowFrom AND state <> 'abandoned'";

    /// <summary>
    /// Draws a number for a run, and tells which was the job's last, 0 for none, and whether one of its kind is open. Both are seen before the
    /// number is drawn, so later runs have greater numbers than the last one.
    /// </summary>
    public static Task<(long RunId, long LastRun, bool IsOpen)> NextIdAsync(NpgsqlConnection connection, string job, bool isReplay, CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<(long, long, bool)>(new CommandDefinition(NextId, new { job, isReplay }, cancellationToken: cancellationToken));

    /// <summary>Writes a run and its chunks, and moves the job's cursor on; in the caller's transaction.</summary>
    /// <returns>False when the job has such a run already: nothing was written.</returns>
    public static async Task<bool> InsertAsync(NpgsqlConnection connection, NewRun run, CancellationToken cancellationToken)
    {
        var job = run.Manifest.Job;
        var continuing = run.Request.Continues(job);
        var windowIsGiven = run.Request.Window is not null;
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(windowIsGiven ? KnowsJob : LockJob, new { job = job.Name }, cancellationToken: cancellationToken)))
            throw new BatchScorerException(ExitCode.BadConfiguration, $"Job \"{job.Name}\" is not in scoring.jobs: run `batchscorer db migrate`.");
        var mayPlan = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            windowIsGiven ? MayPlanWindow : MayPlan,
            new { job = job.Name, isReplay = run.Request.IsReplay, expectedFrom = run.Window.From, continuing, lastRun = run.LastRun, backfillId = run.Request.BackfillId },
            cancellationToken: cancellationToken));
        if (!mayPlan)
            return false;
        var inserted = await connection.ExecuteAsync(new CommandDefinition(Insert, new
        {
            runId = run.RunId,
            job = job.Name,
            trigger = Word(run.Request.Trigger),
            mode = Word(job.Source.Mode),
            continuing,
            windowFrom = run.Window.From,
            windowTo = run.Window.To,
            windowHeldBy = run.WindowHeldBy,
            modelSha256 = run.Manifest.Model.Sha256,
            manifest = run.Manifest.ToJson(),
            chunks = run.Cuts.Ranges.Count,
            rowsPlanned = run.Cuts.Rows,
            plannedOn = Day(run.PlannedAt),
            plannedAt = run.PlannedAt.UtcDateTime,
            planningMs = (int)run.PlanningTime.TotalMilliseconds,
            host = Environment.MachineName,
            processId = Environment.ProcessId,
            programVersion = ProgramVersion,
            slot = run.Request.Slot?.UtcDateTime,
            firedBy = run.Request.FiredBy,
            node = run.Request.Node,
            backfillId = run.Request.BackfillId,
            followedRuns = run.Request.FollowedRuns?.ToArray(),
        }, cancellationToken: cancellationToken));
        if (inserted == 0)
            return false;

        await InsertChunksAsync(connection, run, cancellationToken);
        if (continuing)
            await connection.ExecuteAsync(new CommandDefinition(AdvanceCursor, new { windowTo = run.Window.To, job = job.Name, modelSha256 = run.Manifest.Model.Sha256 }, cancellationToken: cancellationToken));
        return true;
    }

    /// <summary>The job's run that has begun and not ended, or null.</summary>
    /// <param name="database">Where it is.</param>
    /// <param name="job">The job.</param>
    /// <param name="isReplay">Whether a replay is meant, or the run that other runs wait for.</param>
    public static async Task<Run?> FindOpenAsync(NpgsqlDataSource database, string job, bool isReplay, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<RunRow>(new CommandDefinition(Open, new { job, isReplay }, cancellationToken: cancellationToken)))?.ToRun();
    }

    /// <summary>Whether a run has not ended for good.</summary>
    public static async Task<bool> IsOpenAsync(NpgsqlDataSource database, long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            $"SELECT state IN {RunStates.Open} FROM scoring.runs WHERE run_id = @runId", new { runId }, cancellationToken: cancellationToken));
    }

    /// <summary>The run of a backfill's window, or null when it has none that was not abandoned.</summary>
    public static async Task<Run?> FindOfBackfillAsync(NpgsqlDataSource database, long backfillId, string windowFrom, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<RunRow>(new CommandDefinition(
            OfBackfill, new { backfillId, windowFrom }, cancellationToken: cancellationToken)))?.ToRun();
    }

    public static async Task<Run> ReadAsync(NpgsqlDataSource database, long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QuerySingleAsync<RunRow>(new CommandDefinition(ById, new { runId }, cancellationToken: cancellationToken))).ToRun();
    }

    /// <summary>The day in UTC as text: a date that went as an instant would be turned by the session's time zone.</summary>
    public static string Day(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string ProgramVersion { get; } =
        typeof(RunStore).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static async Task InsertChunksAsync(NpgsqlConnection connection, NewRun run, CancellationToken cancellationToken)
    {
        await using var import = await connection.BeginBinaryImportAsync(
            "COPY scoring.chunks (run_id, chunk_no, key_from, key_to) FROM STDIN (FORMAT BINARY)", cancellationToken);
        for (var number = 0; number < run.Cuts.Ranges.Count; number++)
        {
            await import.StartRowAsync(cancellationToken);
            await import.WriteAsync(run.RunId, NpgsqlDbType.Bigint, cancellationToken);
            await import.WriteAsync(number, NpgsqlDbType.Integer, cancellationToken);
            foreach (var key in new[] { run.Cuts.Ranges[number].From, run.Cuts.Ranges[number].To })
            {
                if (key is null)
                    await import.WriteNullAsync(cancellationToken);
                else
                    await import.WriteAsync(key.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
            }
        }

        await import.CompleteAsync(cancellationToken);
    }

    /// <summary>An enumeration's value as the ledger writes it.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private sealed record RunRow(
        long RunId, string Trigger, string Manifest, string? WindowFrom, string? WindowTo, bool Continuing, DateOnly PlannedOn, long RowsPlanned, long? BackfillId, string? HeldReason)
    {
        public Run ToRun()
        {
            var manifest = Runs.Manifest.Parse(Manifest);
            var trigger = Enum.Parse<Trigger>(Trigger, ignoreCase: true);
            return new(RunId, trigger, manifest, Run.Reading(manifest.Job, new CursorRange(WindowFrom, WindowTo), Continuing, trigger), PlannedOn, RowsPlanned)
            {
                BackfillId = BackfillId,
                WindowTo = WindowTo,
                HeldReason = HeldReason,
            };
        }
    }
}
