using BatchScorer.Alarms;
using BatchScorer.Alarms.Notices;
using BatchScorer.Jobs;
using BatchScorer.Telemetry;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>The alarms of a run that has ended, and whether they keep it from being published.</summary>
internal sealed class RunJudgement
{
    public static readonly RunJudgement Nothing = new() { Raised = [] };

    /// <summary>Why its predictions are not to be published; null where they are.</summary>
    public string? HeldReason { get; private init; }

    private IReadOnlyList<RaisedAlarm> Raised { get; init; } = [];

    /// <summary>Judges a run in the transaction that closes it, so that each of its alarms is raised once, and told by whoever is alive.</summary>
    /// <remarks>
    /// Alarms are for the runs that carry a job on. The windows of backfills are of any size, and the rows of replays had been rejected before.
    /// </remarks>
    /// <param name="connection">The transaction's.</param>
    /// <param name="run">The run.</param>
    /// <param name="facts">How it ended.</param>
    /// <param name="rejectedAccepted">Whether somebody has accepted its rejected rows.</param>
    public static async Task<RunJudgement> MakeAsync(NpgsqlConnection connection, Run run, RunFacts facts, bool rejectedAccepted, CancellationToken cancellationToken)
    {
        if (run.Trigger is Trigger.Backfill or Trigger.Replay)
            return Nothing;
        var job = run.Manifest.Job;
        var alarms = RunAlarms.Judge(job.Alarms, facts);
        var held = facts.Succeeded ? RunAlarms.HoldReason(job.Alarms, alarms, rejectedAccepted) : null;
        var raised = await AlarmStore.RaiseAsync(connection, run.Job, run.Id, RunAlarms.Kinds, alarms, cancellationToken);
        if (job.Alarms.Webhook is { } webhook && (held is not null || raised.Any(alarm => alarm.IsNew)))
            await NoticeStore.WriteAsync(connection, webhook, Notice(run, facts, held, [.. raised.Select(alarm => alarm.Alarm)]), cancellationToken);
        return new RunJudgement { HeldReason = held, Raised = [.. raised.Where(alarm => alarm.IsNew).Select(alarm => alarm.Alarm)] };
    }

    /// <summary>Tells logs, metrics and the span under way, once the transaction is committed.</summary>
    public void Tell(ILogger logger, Run run)
    {
        foreach (var (alarm, since) in Raised)
        {
            var kind = AlarmWords.Of(alarm.Kind);
            AlarmMetrics.Raised(run.Job, kind);
            RunSpans.Alarm(kind);
            AlarmLogs.Raised(logger, run.Job, run.Id, kind, alarm.Message, since, alarm.LookAt);
        }

        if (HeldReason is { } reason)
            AlarmLogs.RunHeld(logger, run.Id, run.Job, reason);
    }

    private static AlarmNotice Notice(Run run, RunFacts facts, string? held, IReadOnlyList<RaisedAlarm> alarms) => new()
    {
        Job = run.Job,
        Run = new NoticedRun
        {
            Id = run.Id,
            Trigger = RunStore.Word(run.Trigger),
            State = !facts.Succeeded ? "failed" : held is null ? "published" : "succeeded",
            HeldReason = held,
            WindowFrom = run.Window.From,
            WindowTo = run.WindowTo,
            RowsRead = facts.RowsRead,
            RowsRejected = facts.RowsRejected,
            DurationSeconds = facts.Duration.TotalSeconds,
            Model = run.Manifest.Model.Name,
            ModelVersion = run.Manifest.Model.Version,
            ModelSha256 = run.Manifest.Model.Sha256,
        },
        Alarms = [.. alarms.Select(NoticedAlarm.Of)],
        ProgramVersion = Instrumentation.Version,
    };
}
