using System.Diagnostics.Metrics;

namespace BatchScorer.Telemetry;

/// <summary>What is counted of alarms.</summary>
internal static class AlarmMetrics
{
    private static readonly Counter<long> Alarms = Instrumentation.Meter.CreateCounter<long>(
        "batchscorer.alarms", "{alarm}", "Alarms that were raised, each once, however many nodes looked");

    private static readonly Counter<long> Notices = Instrumentation.Meter.CreateCounter<long>(
        "batchscorer.alarm.notices", "{attempt}", "Attempts to tell a webhook of alarms, each with all its tries");

    /// <summary>An alarm was raised.</summary>
    /// <param name="kind">As the job's property is called.</param>
    public static void Raised(string job, string kind) => Alarms.Add(1, new(TagNames.Job, job), new(TagNames.Alarm, kind));

    /// <summary>A notice was sent, or not.</summary>
    /// <param name="outcome"><c>delivered</c> or <c>failed</c>.</param>
    public static void Told(string job, string outcome) => Notices.Add(1, new(TagNames.Job, job), new(TagNames.Outcome, outcome));
}
