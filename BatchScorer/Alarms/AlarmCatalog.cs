using BatchScorer.Jobs;
using BatchScorer.Postgres;
using Dapper;

namespace BatchScorer.Alarms;

/// <summary>An alarm as people get to see it.</summary>
internal sealed record AlarmRecord
{
    public required long AlarmId { get; init; }

    public required string Job { get; init; }

    /// <summary>The run that raised it; null where it is of no run.</summary>
    public long? RunId { get; init; }

    public required string Kind { get; init; }

    /// <summary>What of it: a bound, a column or a metric; empty where there is but one.</summary>
    public required string Subject { get; init; }

    public required double Value { get; init; }

    public required double Limit { get; init; }

    public required string Message { get; init; }

    public required string LookAt { get; init; }

    public required DateTime Since { get; init; }

    public required DateTime RaisedAt { get; init; }

    /// <summary>Null while it stands.</summary>
    public DateTime? ClearedAt { get; init; }

    /// <summary>When the job's webhook had accepted it; null before, and where there is none.</summary>
    public DateTime? ToldAt { get; init; }

    /// <summary>Why the webhook has not accepted it the last time that it was tried.</summary>
    public string? TellingError { get; init; }
}

/// <summary>Reads alarms for people.</summary>
internal sealed class AlarmCatalog(Database database)
{
    private const string Select =
        """
        SELECT alarm_id, alarm.job, alarm.run_id, kind, subject, value, limit_value AS "limit", message, look_at, since, raised_at, cleared_at,
               notice.delivered_at AS told_at, notice.error AS telling_error
        FROM scoring.alarms AS alarm
        LEFT JOIN scoring.alarm_notices AS notice USING (notice_id)
        WHERE (@job IS NULL OR alarm.job = @job) AND (@runId::bigint IS NULL OR alarm.run_id = @runId) AND (NOT @open OR cleared_at IS NULL)
        ORDER BY alarm_id DESC LIMIT @most
        """;

    private const string Standing = "SELECT max(since) FROM scoring.alarms WHERE job = @job AND kind = ANY(@kinds) AND cleared_at IS NULL";

    private const int MostOfRun = 1000;

    /// <summary>The newest alarms first.</summary>
    /// <param name="job">Of this job only; null for all.</param>
    /// <param name="open">Only those that stand.</param>
    /// <param name="most">How many at most.</param>
    public Task<IReadOnlyList<AlarmRecord>> ListAsync(string? job, bool open, int most, CancellationToken cancellationToken) =>
        QueryAsync(new { job, runId = (long?)null, open, most }, cancellationToken);

    /// <summary>The alarms that a run has raised, whether they stand or not.</summary>
    public Task<IReadOnlyList<AlarmRecord>> OfRunAsync(long runId, CancellationToken cancellationToken) =>
        QueryAsync(new { job = (string?)null, runId = (long?)runId, open = false, most = MostOfRun }, cancellationToken);

    /// <summary>When the last of a job's alarms began that still stand; null where none does.</summary>
    /// <param name="job">The job.</param>
    /// <param name="kinds">Of these kinds only.</param>
    public async Task<DateTime?> StandingSinceAsync(string job, IEnumerable<AlarmKind> kinds, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(
            Standing, new { job, kinds = kinds.Select(AlarmWords.Of).ToArray() }, cancellationToken: cancellationToken));
    }

    private async Task<IReadOnlyList<AlarmRecord>> QueryAsync(object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<AlarmRecord>(new CommandDefinition(Select, parameters, cancellationToken: cancellationToken))).AsList();
    }
}
