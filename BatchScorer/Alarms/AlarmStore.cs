using BatchScorer.Jobs;
using Dapper;
using Npgsql;

namespace BatchScorer.Alarms;

/// <summary>Writes alarms, each once: in the caller's transaction.</summary>
internal static class AlarmStore
{
    // The alarms of runs before give way to the new ones, which begin when they did.
    private const string Clear =
        """
        UPDATE scoring.alarms AS alarm SET cleared_at = clock_timestamp()
        WHERE job = @job AND kind = ANY(@judged) AND cleared_at IS NULL
          AND (run_id IS DISTINCT FROM @runId OR NOT EXISTS (
              SELECT FROM unnest(@kinds, @subjects) AS still (kind, subject) WHERE (still.kind, still.subject) = (alarm.kind, alarm.subject)))
        RETURNING kind, subject, since
        """;

    // A run that failed, and ends again when it was resumed, does not raise again what stands.
    private const string InsertOfRun =
        """
        INSERT INTO scoring.alarms AS alarm (job, run_id, kind, subject, value, limit_value, message, look_at, since, raised_at)
        SELECT @job, @runId, new.kind, new.subject, new.value, new.limit_value, new.message, new.look_at, coalesce(new.since, now.now), now.now
        FROM unnest(@kinds, @subjects, @values, @limits, @messages, @looks, @sinces) AS new (kind, subject, value, limit_value, message, look_at, since)
        CROSS JOIN (SELECT clock_timestamp() AS now) AS now
        ON CONFLICT (run_id, kind, subject) WHERE run_id IS NOT NULL DO UPDATE
        SET value = EXCLUDED.value, limit_value = EXCLUDED.limit_value, message = EXCLUDED.message, look_at = EXCLUDED.look_at,
            since = EXCLUDED.since, raised_at = EXCLUDED.raised_at, cleared_at = NULL
        WHERE alarm.cleared_at IS NOT NULL
        RETURNING alarm.kind, alarm.subject
        """;

    private const string Standing = "SELECT kind, subject, since FROM scoring.alarms WHERE run_id = @runId AND cleared_at IS NULL";

    private const string InsertOfNone =
        """
        INSERT INTO scoring.alarms (job, kind, subject, value, limit_value, message, look_at, since, raised_at)
        VALUES (@job, @kind, @subject, @value, @limit, @message, @lookAt, @since, @now)
        ON CONFLICT (job, kind, subject) WHERE cleared_at IS NULL DO NOTHING
        """;

    private const string ClearOfNone =
        """
        UPDATE scoring.alarms SET cleared_at = @now
        WHERE job = @job AND kind = @kind AND run_id IS NULL AND cleared_at IS NULL AND subject <> ALL(@standing)
        RETURNING subject
        """;

    /// <summary>Raises the alarms of a run, and clears those of runs before it.</summary>
    /// <param name="connection">The transaction's.</param>
    /// <param name="job">The job.</param>
    /// <param name="runId">Its run.</param>
    /// <param name="judged">The kinds that were judged: of these, what is not among the alarms is over.</param>
    /// <param name="alarms">The alarms.</param>
    /// <returns>All alarms of the run with the time since when they stand, and which of them are new.</returns>
    public static async Task<IReadOnlyList<(RaisedAlarm Alarm, bool IsNew)>> RaiseAsync(
        NpgsqlConnection connection, string job, long runId, IEnumerable<AlarmKind> judged, IReadOnlyList<Alarm> alarms, CancellationToken cancellationToken)
    {
        var (kinds, subjects) = (alarms.Select(alarm => AlarmWords.Of(alarm.Kind)).ToArray(), alarms.Select(alarm => alarm.Subject).ToArray());
        var before = (await connection.QueryAsync<(string Kind, string Subject, DateTime Since)>(new CommandDefinition(
            Clear, new { job, runId, judged = judged.Select(AlarmWords.Of).ToArray(), kinds, subjects }, cancellationToken: cancellationToken)))
            .ToDictionary(alarm => (alarm.Kind, alarm.Subject), alarm => (DateTime?)alarm.Since);
        if (alarms.Count == 0)
            return [];
        var raised = (await connection.QueryAsync<(string Kind, string Subject)>(new CommandDefinition(
            InsertOfRun,
            new
            {
                job,
                runId,
                kinds,
                subjects,
                values = alarms.Select(alarm => alarm.Value).ToArray(),
                limits = alarms.Select(alarm => alarm.Limit).ToArray(),
                messages = alarms.Select(alarm => alarm.Message).ToArray(),
                looks = alarms.Select(alarm => alarm.LookAt).ToArray(),
                sinces = kinds.Zip(subjects).Select(alarm => before.GetValueOrDefault(alarm)).ToArray(),
            },
            cancellationToken: cancellationToken))).ToHashSet();
        var standing = (await connection.QueryAsync<(string Kind, string Subject, DateTime Since)>(new CommandDefinition(Standing, new { runId }, cancellationToken: cancellationToken)))
            .ToDictionary(alarm => (alarm.Kind, alarm.Subject), alarm => alarm.Since);
        return [.. alarms.Select((alarm, i) => (new RaisedAlarm(alarm, standing[(kinds[i], subjects[i])]), raised.Contains((kinds[i], subjects[i]))))];
    }

    /// <summary>Raises an alarm that is of no run, unless it stands.</summary>
    /// <returns>Whether it is new.</returns>
    public static async Task<bool> RaiseAsync(NpgsqlConnection connection, string job, RaisedAlarm raised, DateTime now, CancellationToken cancellationToken)
    {
        var alarm = raised.Alarm;
        return await connection.ExecuteAsync(new CommandDefinition(
            InsertOfNone,
            new { job, kind = AlarmWords.Of(alarm.Kind), alarm.Subject, alarm.Value, alarm.Limit, alarm.Message, alarm.LookAt, raised.Since, now },
            cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>Clears the alarms of a kind that are of no run, those apart that stand.</summary>
    /// <param name="standing">The subjects of these.</param>
    /// <returns>The subjects of those that were cleared.</returns>
    public static async Task<IReadOnlyList<string>> ClearAsync(
        NpgsqlConnection connection, string job, AlarmKind kind, IReadOnlyCollection<string> standing, DateTime now, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<string>(new CommandDefinition(
            ClearOfNone, new { job, kind = AlarmWords.Of(kind), standing = standing.ToArray(), now }, cancellationToken: cancellationToken))];
}
