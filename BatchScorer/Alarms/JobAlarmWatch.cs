using BatchScorer.Alarms.Notices;
using BatchScorer.Alarms.Rules;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Telemetry;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BatchScorer.Alarms;

/// <summary>
/// Looks after what is of no run: whether a job has published in time, and how good its predictions turned out. Several nodes may look at
/// once: an alarm stands once, and who writes it tells of it.
/// </summary>
internal sealed class JobAlarmWatch(Database database, TimeProvider time, ILogger<JobAlarmWatch> logger)
{
    private static readonly AlarmKind[] Kinds = [AlarmKind.Stale, AlarmKind.Quality];

    // A backfill or a replay is no news, and neither is a run that is shown again.
    private const string LastPublished =
        """
        WITH own AS (SELECT run_id, state, planned_at FROM scoring.runs WHERE job = @job AND trigger NOT IN ('backfill', 'replay'))
        SELECT coalesce(
            (SELECT min(shown_from) FROM scoring.run_publications WHERE run_id = (SELECT max(run_id) FROM own WHERE state = 'published')),
            (SELECT min(planned_at) FROM own),
            applied_at)
        FROM scoring.jobs WHERE name = @job
        """;

    // Of several models in a window, the one that most labels are of.
    private const string NewestQuality =
        """
        WITH newest AS (
            SELECT window_from, model_name, model_version, model_sha256 FROM scoring.quality
            WHERE job = @job AND slice = 'window' AND labelled >= @fewestLabels
            ORDER BY window_from DESC, labelled DESC, model_sha256 LIMIT 1
        )
        SELECT metric, value, labelled, window_from, model_name || ' ' || model_version AS model
        FROM newest JOIN scoring.quality USING (window_from, model_name, model_version, model_sha256)
        WHERE job = @job AND slice = 'window' AND value IS NOT NULL
        ORDER BY metric
        """;

    /// <summary>Looks at a job once. One whose tables have not been made has nothing to publish.</summary>
    public async Task LookAsync(JobDefinition job, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = await FindAsync(connection, job, now, cancellationToken);
        var cleared = new List<AlarmKind>();
        foreach (var kind in Kinds)
        {
            var standing = found.Where(alarm => alarm.Alarm.Kind == kind).Select(alarm => alarm.Alarm.Subject).ToList();
            cleared.AddRange((await AlarmStore.ClearAsync(connection, job.Name, kind, standing, now, cancellationToken)).Select(_ => kind));
        }

        var raised = new List<RaisedAlarm>();
        foreach (var alarm in found)
        {
            if (await AlarmStore.RaiseAsync(connection, job.Name, alarm, now, cancellationToken))
                raised.Add(alarm);
        }

        if (raised.Count > 0 && job.Alarms.Webhook is { } webhook)
        {
            var notice = new AlarmNotice { Job = job.Name, Alarms = [.. raised.Select(NoticedAlarm.Of)], ProgramVersion = Instrumentation.Version };
            await NoticeStore.WriteAsync(connection, webhook, notice, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        Tell(job.Name, raised, cleared);
    }

    private static async Task<IReadOnlyList<RaisedAlarm>> FindAsync(NpgsqlConnection connection, JobDefinition job, DateTime now, CancellationToken cancellationToken)
    {
        var found = new List<RaisedAlarm>();
        if (job.Alarms.Stale is not null
            && await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(LastPublished, new { job = job.Name }, cancellationToken: cancellationToken)) is { } last
            && StaleRule.Judge(job, last, now) is { } stale)
            found.Add(stale);
        if (job.Alarms.Quality is { } quality)
        {
            var facts = await connection.QueryAsync<QualityFact>(new CommandDefinition(NewestQuality, new { job = job.Name, quality.FewestLabels }, cancellationToken: cancellationToken));
            found.AddRange(QualityRule.Judge(job, facts.AsList()));
        }

        return found;
    }

    private void Tell(string job, IReadOnlyList<RaisedAlarm> raised, IReadOnlyList<AlarmKind> cleared)
    {
        foreach (var (alarm, since) in raised)
        {
            var kind = AlarmWords.Of(alarm.Kind);
            AlarmMetrics.Raised(job, kind);
            AlarmLogs.RaisedOfJob(logger, job, kind, alarm.Message, since, alarm.LookAt);
        }

        foreach (var kind in cleared.Select(AlarmWords.Of))
            AlarmLogs.Cleared(logger, job, kind);
    }
}
