using BatchScorer.Alarms;
using BatchScorer.Postgres;
using BatchScorer.Reports.Distributions;
using BatchScorer.Reports.Timelines;
using BatchScorer.Reports.Watching;
using BatchScorer.Runs;
using BatchScorer.Sources;
using Dapper;
using Npgsql;

namespace BatchScorer.Reports;

/// <summary>All that a report tells of a run.</summary>
internal sealed record RunDetails
{
    public required RunRecord Run { get; init; }

    public required RunOrigin Origin { get; init; }

    public required IReadOnlyList<ChunkRecord> Chunks { get; init; }

    public required IReadOnlyList<AttemptRecord> Attempts { get; init; }

    public required IReadOnlyList<RejectionReason> Rejections { get; init; }

    public required IReadOnlyList<AlarmRecord> Alarms { get; init; }

    /// <summary>Null while the run is not over, and where counting took longer than was allowed.</summary>
    public RunDistributions? Distributions { get; init; }

    /// <summary>Null where the run has no profile.</summary>
    public RunDrift? Drift { get; init; }

    /// <summary>Of the run's job; null where no labels have been taken up.</summary>
    public QualityHistory? Quality { get; init; }

    /// <summary>Whether the run is neither over nor waits for somebody.</summary>
    public bool IsUnderWay => Run.State is "planned" or "running";
}

/// <summary>What the ledger knows of a run besides its record.</summary>
internal sealed record RunOrigin
{
    /// <summary>The time on the database's server when this was read.</summary>
    public required DateTime ReadAt { get; init; }

    public required int ProcessId { get; init; }

    public long? BackfillId { get; init; }

    /// <summary>The job's description as the run froze it.</summary>
    public string? Description { get; init; }

    /// <summary>The table or query file that was read.</summary>
    public string? Source { get; init; }

    /// <summary>Bytes of the model's file.</summary>
    public required long ModelBytes { get; init; }

    public DateTime? ShownFrom { get; init; }

    /// <summary>When it was withdrawn last; null while it is shown.</summary>
    public DateTime? ShownTo { get; init; }
}

/// <summary>Reads what reports tell. Nothing here writes.</summary>
internal sealed class RunDetailsReader(Database database, RunCatalog catalog)
{
    private const string Origin =
        """
        SELECT clock_timestamp() AS read_at, run.process_id, run.backfill_id, run.manifest->'job'->>'description' AS description,
               coalesce(run.manifest->'job'->'source'->>'table', run.manifest->'job'->'source'->>'query') AS source,
               model.size_bytes AS model_bytes, shown.shown_from, shown.shown_to
        FROM scoring.runs AS run
        JOIN scoring.models AS model ON model.sha256 = run.model_sha256
        LEFT JOIN LATERAL (SELECT shown_from, shown_to FROM scoring.run_publications WHERE run_id = run.run_id ORDER BY shown_from DESC LIMIT 1) AS shown ON true
        WHERE run.run_id = @runId
        """;

    // An attempt without an outcome is under way as long as the transaction that began it is.
    private const string Attempts =
        """
        SELECT chunk_no, (row_number() OVER (PARTITION BY chunk_no ORDER BY attempt_id))::integer AS number, started_at, ended_at, host, process_id, outcome, error,
               outcome IS NULL AND EXISTS (
                   SELECT FROM pg_stat_activity AS holder
                   WHERE (holder.pid, holder.backend_start) = (attempt.backend_pid, attempt.backend_start) AND holder.xact_start <= attempt.started_at) AS under_way
        FROM scoring.chunk_attempts AS attempt WHERE run_id = @runId
        ORDER BY attempt_id
        """;

    /// <summary>Reads a run.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="countingLimit">How long counting its predictions may take; null for as long as it takes.</param>
    /// <exception cref="Errors.BatchScorerException">There is no such run.</exception>
    public async Task<RunDetails> ReadAsync(long runId, TimeSpan? countingLimit, CancellationToken cancellationToken)
    {
        var details = new RunDetails
        {
            Run = await catalog.ReadAsync(runId, cancellationToken),
            Origin = (await QueryAsync<RunOrigin>(Origin, runId, cancellationToken)).Single(),
            Chunks = await catalog.ChunksAsync(runId, cancellationToken),
            Attempts = await QueryAsync<AttemptRecord>(Attempts, runId, cancellationToken),
            Rejections = await catalog.ReasonsAsync(runId, cancellationToken),
            Alarms = await catalog.AlarmsAsync(runId, cancellationToken),
            Quality = await QualityHistory.ReadAsync(database, runId, cancellationToken),
        };
        details = details with { Drift = await RunDrift.ReadAsync(database, details.Run, cancellationToken) };
        return details.IsUnderWay ? details : details with { Distributions = await CountAsync(details.Run, countingLimit, cancellationToken) };
    }

    private async Task<RunDistributions?> CountAsync(RunRecord run, TimeSpan? limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Readers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await ReadOnlyTransaction.BeginAsync(connection, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition($"SET LOCAL statement_timeout = {(long)(limit ?? TimeSpan.Zero).TotalMilliseconds}", cancellationToken: cancellationToken));
        try
        {
            return await RunDistributions.ReadAsync(connection, run.Job, run.RunId, cancellationToken);
        }
        catch (PostgresException fault) when (limit is not null && fault.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, new { runId }, cancellationToken: cancellationToken))).AsList();
    }
}
