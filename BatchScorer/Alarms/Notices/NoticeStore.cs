using System.Text.Json;
using System.Text.Json.Serialization;
using BatchScorer.Jobs;
using Dapper;
using Npgsql;

namespace BatchScorer.Alarms.Notices;

/// <summary>Writes notices with the alarms that they tell of, in one transaction, so that none is lost and none is told that was not raised.</summary>
internal static class NoticeStore
{
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private const string Insert =
        """
        INSERT INTO scoring.alarm_notices (notice_id, job, run_id, url, secret, body) VALUES (@id, @job, @runId, @url, @secret, @body);
        UPDATE scoring.alarms AS alarm SET notice_id = @id
        FROM unnest(@kinds, @subjects) AS told (kind, subject)
        WHERE alarm.job = @job AND alarm.run_id IS NOT DISTINCT FROM @runId AND (alarm.kind, alarm.subject) = (told.kind, told.subject) AND alarm.cleared_at IS NULL
        """;

    /// <summary>Writes a notice, to be sent when the transaction is committed.</summary>
    public static Task WriteAsync(NpgsqlConnection connection, JobWebhook webhook, AlarmNotice notice, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            Insert,
            new
            {
                notice.Id,
                notice.Job,
                runId = notice.Run?.Id,
                webhook.Url,
                webhook.Secret,
                body = JsonSerializer.Serialize(notice, Written),
                kinds = notice.Alarms.Select(alarm => alarm.Kind).ToArray(),
                subjects = notice.Alarms.Select(alarm => alarm.Subject).ToArray(),
            },
            cancellationToken: cancellationToken));
}
