using System.Text.Json;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using Dapper;

namespace BatchScorer.Runs;

/// <summary>A rejected row that waits for a replay, as people get to see it.</summary>
internal sealed record UnresolvedRow
{
    /// <summary>JSON object with the key columns.</summary>
    public required JsonElement Key { get; init; }

    /// <summary>The column at fault; null when unknown.</summary>
    public string? Column { get; init; }

    public required string Reason { get; init; }

    /// <summary>The run that rejected it.</summary>
    public required long RunId { get; init; }

    public required DateTime RejectedAt { get; init; }
}

/// <summary>A run with rejected rows that no replay takes up, since it is not published.</summary>
internal sealed record UnpublishedRejections(long RunId, string State, long Rows);

/// <summary>Reads for people which rejected rows of a job wait for a replay.</summary>
internal sealed class RejectedRowCatalog(Database database)
{
    private const string Unpublished =
        """
        SELECT run.run_id, run.state, tally.rows
        FROM scoring.runs AS run
        CROSS JOIN LATERAL (SELECT count(*) AS rows FROM scoring.rejected_rows WHERE run_id = run.run_id) AS tally
        WHERE run.job = @job AND run.trigger <> 'replay' AND run.state IN ('planned', 'running', 'succeeded', 'failed', 'cancelled') AND tally.rows > 0
        ORDER BY run.run_id DESC LIMIT 1
        """;

    /// <summary>The rows of the newest runs first, and how many there are.</summary>
    /// <param name="job">The job.</param>
    /// <param name="runId">Of this run only; null for all.</param>
    /// <param name="most">How many at most.</param>
    /// <exception cref="BatchScorerException">The job has no tables.</exception>
    public async Task<(IReadOnlyList<UnresolvedRow> Rows, long Total)> ListAsync(JobDefinition job, long? runId, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition("SELECT EXISTS (SELECT FROM scoring.jobs WHERE name = @job)", new { job = job.Name }, cancellationToken: cancellationToken)))
            throw new BatchScorerException(ExitCode.BadConfiguration, $"Job \"{job.Name}\" has no tables yet: run `batchscorer db migrate` once, as the owner of the schema.");
        var rows = (await connection.QueryAsync<UnresolvedRecord>(new CommandDefinition(
            $"""
            SELECT rejected.key::text AS key, rejected.column_name AS "column", rejected.reason, rejected.run_id, rejected.rejected_at, count(*) OVER () AS total
            {UnresolvedRows.From(job)} AND (@runId::bigint IS NULL OR rejected.run_id = @runId)
            ORDER BY rejected.run_id DESC, rejected.chunk_no, rejected.key LIMIT @most
            """,
            new { runId, most }, cancellationToken: cancellationToken))).AsList();
        return ([.. rows.Select(row => row.ToRow())], rows.Count == 0 ? 0 : rows[0].Total);
    }

    /// <summary>The newest run whose rejected rows cannot be replayed, since it is open; null when there is none.</summary>
    public async Task<UnpublishedRejections?> FindUnpublishedAsync(string job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<UnpublishedRejections>(new CommandDefinition(Unpublished, new { job }, cancellationToken: cancellationToken));
    }

    private sealed record UnresolvedRecord(string Key, string? Column, string Reason, long RunId, DateTime RejectedAt, long Total)
    {
        public UnresolvedRow ToRow() => new()
        {
            Key = JsonSerializer.Deserialize<JsonElement>(Key), Column = Column, Reason = Reason, RunId = RunId, RejectedAt = RejectedAt,
        };
    }
}
