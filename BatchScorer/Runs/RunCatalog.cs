using BatchScorer.Alarms;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using Dapper;

namespace BatchScorer.Runs;

/// <summary>A run as people get to see it.</summary>
internal sealed record RunRecord
{
    public required long RunId { get; init; }

    public required string Job { get; init; }

    public required string Trigger { get; init; }

    public required string Mode { get; init; }

    public required string State { get; init; }

    public string? WindowFrom { get; init; }

    public string? WindowTo { get; init; }

    public string? WindowHeldBy { get; init; }

    public required string ModelName { get; init; }

    public required string ModelVersion { get; init; }

    public required string ModelSha256 { get; init; }

    public required string Engine { get; init; }

    public required int Chunks { get; init; }

    public required int ChunksDone { get; init; }

    public required int ChunksFailed { get; init; }

    public required long RowsPlanned { get; init; }

    /// <summary>Of the chunks that are done.</summary>
    public required long RowsRead { get; init; }

    /// <summary>Of the chunks that are done.</summary>
    public required long RowsScored { get; init; }

    /// <summary>Of the chunks that are done.</summary>
    public required long RowsRejected { get; init; }

    public required DateTime PlannedAt { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? FinishedAt { get; init; }

    public required int PlanningMs { get; init; }

    public required string Host { get; init; }

    public required string ProgramVersion { get; init; }

    /// <summary>The instant at which the job's schedule was due; null for a run that no schedule made.</summary>
    public DateTime? Slot { get; init; }

    /// <summary>The schedule that fired.</summary>
    public string? FiredBy { get; init; }

    /// <summary>The runs of other jobs that it followed; null where its job keeps times of its own.</summary>
    public long[]? FollowedRuns { get; init; }

    /// <summary>The cluster's node that planned it.</summary>
    public string? Node { get; init; }

    public string? Error { get; init; }

    /// <summary>The alarms for which it was not published at its end; null when it was never held.</summary>
    public string? HeldReason { get; init; }

    /// <summary>
    /// How long it was worked on: the time in which one attempt at a chunk or more were under way, those apart whose worker died.
    /// What passed between an interruption and a resume does not count. Null until the run is closed.
    /// </summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Rows read a second of <see cref="Duration"/>; null until the run is closed.</summary>
    public double? RowsPerSecond => Duration is { TotalSeconds: > 0 } duration ? RowsRead / duration.TotalSeconds : null;

    /// <summary>Its state; a run that is done and not published says that it is held.</summary>
    public string StateInWords() => State is "succeeded" ? "held" : State;

    /// <summary>Which rows it is for: <c>A to B</c>, open ends in words; a job without a cursor has the whole source.</summary>
    public string WindowInWords() => (Trigger, WindowFrom, WindowTo) switch
    {
        ("replay", _, _) => "rejected rows",
        (_, null, null) => "all rows",
        _ => $"{WindowFrom ?? "the beginning"} to {WindowTo ?? "the end"}",
    };
}

/// <summary>A chunk as people get to see it.</summary>
internal sealed record ChunkRecord
{
    public required int ChunkNo { get; init; }

    public required string State { get; init; }

    public required int Attempts { get; init; }

    public int? RowsRead { get; init; }

    public int? RowsScored { get; init; }

    public int? RowsRejected { get; init; }

    public int? ReadMs { get; init; }

    public int? ScoreMs { get; init; }

    public int? WriteMs { get; init; }

    public string? Error { get; init; }
}

/// <summary>Why rows of a run were rejected: how many for one column and reason, and one of their keys.</summary>
internal sealed record RejectionReason
{
    public string? Column { get; init; }

    public required string Reason { get; init; }

    public required long Rows { get; init; }

    public required string ExampleKey { get; init; }
}

/// <summary>Reads the ledger for people.</summary>
internal sealed class RunCatalog(Database database)
{
    private readonly AlarmCatalog alarms = new(database);

    private const string Runs =
        $"""
        SELECT run.run_id, run.job, run.trigger, run.mode, run.state, run.window_from, run.window_to, run.window_held_by,
               model.name AS model_name, run.manifest->'model'->>'version' AS model_version, run.model_sha256, run.manifest->'model'->>'engine' AS engine,
               tally.chunks, tally.done AS chunks_done, tally.failed AS chunks_failed,
               run.rows_planned, tally.rows_read, tally.rows_scored, tally.rows_rejected,
               run.planned_at, run.started_at, run.finished_at, run.planning_ms, run.host, run.program_version, run.slot, run.fired_by, run.followed_runs, run.node, run.error, run.held_reason,
               CASE WHEN run.finished_at IS NOT NULL THEN {AttemptStore.TimeWorkedOn} END AS duration
        FROM scoring.runs AS run
        JOIN scoring.models AS model ON model.sha256 = run.model_sha256
        CROSS JOIN LATERAL (
            SELECT count(*)::integer AS chunks, (count(*) FILTER (WHERE state = 'done'))::integer AS done, (count(*) FILTER (WHERE state = 'failed'))::integer AS failed,
                   coalesce(sum(rows_read), 0)::bigint AS rows_read, coalesce(sum(rows_scored), 0)::bigint AS rows_scored,
                   coalesce(sum(rows_rejected), 0)::bigint AS rows_rejected
            FROM scoring.chunks WHERE run_id = run.run_id
        ) AS tally
        """;

    private const string Chunks =
        """
        SELECT chunk_no, state, (SELECT count(*)::integer FROM scoring.chunk_attempts AS attempt WHERE (attempt.run_id, attempt.chunk_no) = (chunk.run_id, chunk.chunk_no)) AS attempts,
               rows_read, rows_scored, rows_rejected, read_ms, score_ms, write_ms, error
        FROM scoring.chunks AS chunk WHERE run_id = @runId ORDER BY chunk_no
        """;

    private const string Reasons =
        """
        SELECT column_name AS "column", reason, count(*) AS rows, min(key::text) AS example_key
        FROM scoring.rejected_rows WHERE run_id = @runId
        GROUP BY column_name, reason ORDER BY count(*) DESC, reason LIMIT 20
        """;

    /// <summary>The newest runs first.</summary>
    /// <param name="job">Of this job only; null for all.</param>
    /// <param name="most">How many at most.</param>
    public async Task<IReadOnlyList<RunRecord>> ListAsync(string? job, int most, CancellationToken cancellationToken) =>
        await QueryAsync<RunRecord>($"{Runs} WHERE @job IS NULL OR run.job = @job ORDER BY run.run_id DESC LIMIT @most", new { job, most }, cancellationToken);

    /// <summary>The runs that are planned or running, the newest first.</summary>
    /// <param name="most">How many at most.</param>
    public Task<IReadOnlyList<RunRecord>> UnderWayAsync(int most, CancellationToken cancellationToken) =>
        QueryAsync<RunRecord>($"{Runs} WHERE run.state IN ('planned', 'running') ORDER BY run.run_id DESC LIMIT @most", new { most }, cancellationToken);

    /// <summary>The jobs that may have runs, whether there are still files of them or not.</summary>
    public Task<IReadOnlyList<string>> JobsAsync(CancellationToken cancellationToken) =>
        QueryAsync<string>("SELECT name FROM scoring.jobs ORDER BY name", new { }, cancellationToken);

    /// <exception cref="BatchScorerException">There is no such run.</exception>
    public async Task<RunRecord> ReadAsync(long runId, CancellationToken cancellationToken)
    {
        var found = await QueryAsync<RunRecord>($"{Runs} WHERE run.run_id = @runId", new { runId }, cancellationToken);
        return found.Count == 1 ? found[0]
            : throw new BatchScorerException(ExitCode.Usage, $"There is no run {runId}: `batchscorer runs list` shows those there are.");
    }

    public Task<IReadOnlyList<ChunkRecord>> ChunksAsync(long runId, CancellationToken cancellationToken) =>
        QueryAsync<ChunkRecord>(Chunks, new { runId }, cancellationToken);

    /// <summary>The most frequent reasons first, 20 at most.</summary>
    public Task<IReadOnlyList<RejectionReason>> ReasonsAsync(long runId, CancellationToken cancellationToken) =>
        QueryAsync<RejectionReason>(Reasons, new { runId }, cancellationToken);

    /// <summary>The limits of its job that a run has crossed.</summary>
    public Task<IReadOnlyList<AlarmRecord>> AlarmsAsync(long runId, CancellationToken cancellationToken) => alarms.OfRunAsync(runId, cancellationToken);

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();
    }
}
