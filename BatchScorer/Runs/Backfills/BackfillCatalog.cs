using BatchScorer.Errors;
using BatchScorer.Postgres;
using Dapper;

namespace BatchScorer.Runs.Backfills;

/// <summary>A backfill as people get to see it.</summary>
internal sealed record BackfillRecord
{
    public required long BackfillId { get; init; }

    public required string Job { get; init; }

    public required string State { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Every { get; init; }

    public required string Only { get; init; }

    public required bool NewestFirst { get; init; }

    public required int Parallel { get; init; }

    /// <summary>Whether the nodes that run <c>serve</c> work on it by themselves.</summary>
    public required bool Enqueued { get; init; }

    public required string ModelName { get; init; }

    public required string ModelVersion { get; init; }

    public required string ModelSha256 { get; init; }

    public required string PlanHash { get; init; }

    /// <summary>Windows to score.</summary>
    public required int Windows { get; init; }

    public required int WindowsPublished { get; init; }

    public required int WindowsFailed { get; init; }

    /// <summary>Rows there were when it was asked for.</summary>
    public required long RowsExpected { get; init; }

    /// <summary>Of the chunks that are done.</summary>
    public required long RowsRead { get; init; }

    /// <summary>Of the chunks that are done.</summary>
    public required long RowsRejected { get; init; }

    public required DateTime AskedAt { get; init; }

    public DateTime? FinishedAt { get; init; }

    public required string Host { get; init; }

    public string? Error { get; init; }
}

/// <summary>A window of a backfill as people get to see it; without a run when its turn has not come.</summary>
internal sealed record BackfillWindowRecord
{
    public required string From { get; init; }

    public required string To { get; init; }

    public required long RowsExpected { get; init; }

    public long? RunId { get; init; }

    public string? State { get; init; }

    /// <summary>Of the chunks that are done; null without a run.</summary>
    public long? RowsRead { get; init; }

    /// <summary>Of the chunks that are done; null without a run.</summary>
    public long? RowsRejected { get; init; }

    public string? Error { get; init; }
}

/// <summary>Reads the ledger of backfills for people.</summary>
internal sealed class BackfillCatalog(Database database)
{
    private const string Backfills =
        """
        SELECT backfill_id, job, state, window_from AS "from", window_to AS "to", every, chosen AS only, newest_first, parallel, enqueued,
               manifest->'model'->>'name' AS model_name, manifest->'model'->>'version' AS model_version, model_sha256, plan_hash,
               asked.windows, asked.rows_expected, runs.published AS windows_published, runs.failed AS windows_failed, runs.rows_read, runs.rows_rejected,
               asked_at, finished_at, host, error
        FROM scoring.backfills AS backfill
        CROSS JOIN LATERAL (
            SELECT count(*)::integer AS windows, coalesce(sum(rows_expected), 0)::bigint AS rows_expected
            FROM scoring.backfill_windows AS asked WHERE asked.backfill_id = backfill.backfill_id
        ) AS asked
        CROSS JOIN LATERAL (
            SELECT (count(*) FILTER (WHERE run.state IN ('published', 'withdrawn')))::integer AS published, (count(*) FILTER (WHERE run.state = 'failed'))::integer AS failed,
                   coalesce(sum(done.rows_read), 0)::bigint AS rows_read, coalesce(sum(done.rows_rejected), 0)::bigint AS rows_rejected
            FROM scoring.runs AS run
            CROSS JOIN LATERAL (SELECT sum(rows_read) AS rows_read, sum(rows_rejected) AS rows_rejected FROM scoring.chunks WHERE chunks.run_id = run.run_id) AS done
            WHERE run.backfill_id = backfill.backfill_id AND run.state <> 'abandoned'
        ) AS runs
        """;

    private const string Windows =
        """
        SELECT asked.window_from AS "from", asked.window_to AS "to", asked.rows_expected, run.run_id, run.state, done.rows_read, done.rows_rejected, run.error
        FROM scoring.backfill_windows AS asked
        LEFT JOIN scoring.runs AS run ON run.backfill_id = asked.backfill_id AND run.window_from = asked.window_from AND run.state <> 'abandoned'
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(rows_read), 0)::bigint AS rows_read, coalesce(sum(rows_rejected), 0)::bigint AS rows_rejected FROM scoring.chunks WHERE chunks.run_id = run.run_id
        ) AS done ON run.run_id IS NOT NULL
        WHERE asked.backfill_id = @id ORDER BY asked.window_no
        """;

    /// <summary>The newest backfills first.</summary>
    /// <param name="job">Of this job only; null for all.</param>
    /// <param name="most">How many at most.</param>
    public async Task<IReadOnlyList<BackfillRecord>> ListAsync(string? job, int most, CancellationToken cancellationToken) =>
        await QueryAsync<BackfillRecord>($"{Backfills} WHERE @job IS NULL OR job = @job ORDER BY backfill_id DESC LIMIT @most", new { job, most }, cancellationToken);

    /// <exception cref="BatchScorerException">There is no such backfill.</exception>
    public async Task<BackfillRecord> ReadAsync(long id, CancellationToken cancellationToken)
    {
        var found = await QueryAsync<BackfillRecord>($"{Backfills} WHERE backfill_id = @id", new { id }, cancellationToken);
        return found.Count == 1 ? found[0] : throw Unknown(id);
    }

    /// <summary>Its windows, in the order in which they are scored.</summary>
    public Task<IReadOnlyList<BackfillWindowRecord>> WindowsAsync(long id, CancellationToken cancellationToken) =>
        QueryAsync<BackfillWindowRecord>(Windows, new { id }, cancellationToken);

    public static BatchScorerException Unknown(long id) =>
        new(ExitCode.Usage, $"There is no backfill {id}: `batchscorer backfills list` shows those there are.");

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();
    }
}
