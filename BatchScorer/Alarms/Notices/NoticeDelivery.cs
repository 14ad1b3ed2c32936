using BatchScorer.Postgres;
using BatchScorer.Telemetry;
using Dapper;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Alarms.Notices;

/// <summary>
/// Sends notices that are due, whoever wrote them. Who takes one moves the time at which it is due for others, without a transaction that
/// stays open: should it die, the notice is sent once more; its number tells the receiver.
/// </summary>
internal sealed class NoticeDelivery(Database database, NoticeSender sender, NoticePatience patience, ILogger<NoticeDelivery> logger)
{
    /// <summary>How many are sent side by side, so that a receiver that is dead keeps nobody else's waiting.</summary>
    private const int AtOnce = 8;

    private const string Take =
        """
        UPDATE scoring.alarm_notices
        SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + least(@again * 2 ^ least(attempts, 20), interval '1 hour')
        WHERE notice_id IN (
            SELECT notice_id FROM scoring.alarm_notices
            WHERE delivered_at IS NULL AND next_attempt_at <= clock_timestamp() AND written_at > clock_timestamp() - @giveUp
            ORDER BY next_attempt_at LIMIT @most FOR NO KEY UPDATE SKIP LOCKED)
        RETURNING notice_id, job, url, secret, body
        """;

    private const string NoteEnd =
        """
        UPDATE scoring.alarm_notices SET error = @error, delivered_at = CASE WHEN @error IS NULL THEN clock_timestamp() END
        WHERE notice_id = @noticeId AND delivered_at IS NULL
        """;

    /// <summary>Sends all that are due now.</summary>
    public async Task DeliverDueAsync(CancellationToken cancellationToken)
    {
        while (await TakeAsync(cancellationToken) is { Count: > 0 } taken)
            await Task.WhenAll(taken.Select(notice => DeliverAsync(notice, cancellationToken)));
    }

    /// <summary>Sends what is due for a while; what is left then is for others. Faults are logged: whoever asks has done his work.</summary>
    /// <param name="most">How long at most.</param>
    public async Task TryDeliverDueAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(most);
        try
        {
            await DeliverDueAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            AlarmLogs.NotDelivered(logger, "what is left to tell webhooks", "it took too long; a node that runs `serve`, or the next run, goes on");
        }
        catch (Exception fault) when (PassingFault.Is(fault))
        {
            AlarmLogs.NotDelivered(logger, "what there is to tell webhooks", fault.GetBaseException().Message);
        }
    }

    private async Task<IReadOnlyList<UnsentNotice>> TakeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<UnsentNotice>(new CommandDefinition(
            Take, new { patience.Again, patience.GiveUp, most = AtOnce }, cancellationToken: cancellationToken))).AsList();
    }

    private async Task DeliverAsync(UnsentNotice notice, CancellationToken cancellationToken)
    {
        var error = await sender.SendAsync(notice, cancellationToken);
        await using (var connection = await database.Writers.OpenConnectionAsync(cancellationToken))
            await connection.ExecuteAsync(new CommandDefinition(NoteEnd, new { notice.NoticeId, error }, cancellationToken: cancellationToken));
        AlarmMetrics.Told(notice.Job, error is null ? "delivered" : "failed");
        if (error is null)
        {
            AlarmLogs.Delivered(logger, notice.NoticeId, notice.Job, notice.Url);
        }
        else
        {
            var what = $"notice {notice.NoticeId} of job {notice.Job} to {notice.Url}";
            AlarmLogs.NotDelivered(logger, what, error);
        }
    }
}
