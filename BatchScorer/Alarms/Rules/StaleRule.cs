using BatchScorer.Jobs;
using BatchScorer.Wording;

namespace BatchScorer.Alarms.Rules;

/// <summary>Nothing was published for too long. It is of no run: there is none.</summary>
internal static class StaleRule
{
    /// <summary>The alarm of a job at an instant.</summary>
    /// <param name="job">The job.</param>
    /// <param name="last">When the newest of its own runs was published that readers see; else when its first was planned, or its tables were made.</param>
    /// <param name="now">The instant.</param>
    /// <returns>Null where the job keeps to its limit, or has none.</returns>
    public static RaisedAlarm? Judge(JobDefinition job, DateTime last, DateTime now)
    {
        if (job.Alarms.Stale is not { } limit || now - last <= limit)
            return null;
        var alarm = new Alarm(
            AlarmKind.Stale, "", (now - last).TotalSeconds, limit.TotalSeconds,
            $"nothing has been published for {Readable.Duration(now - last)}, since {Readable.Time(last)}; the limit is {Readable.Duration(limit)}",
            $"what became of its runs, by `batchscorer runs list --job {job.Name}`");
        return new RaisedAlarm(alarm, last + limit);
    }
}
