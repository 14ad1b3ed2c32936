using BatchScorer.Jobs;
using BatchScorer.Wording;

namespace BatchScorer.Alarms.Rules;

/// <summary>A run was worked on for too long.</summary>
internal sealed class DurationRule : IAlarmRule
{
    public AlarmKind Kind => AlarmKind.Duration;

    public IEnumerable<Alarm> Judge(JobAlarms limits, RunFacts run)
    {
        if (limits.Duration is { } limit && run.Duration > limit)
        {
            yield return new Alarm(
                Kind, "", run.Duration.TotalSeconds, limit.TotalSeconds,
                $"the run took {Readable.Duration(run.Duration)}; the limit is {Readable.Duration(limit)}",
                $"where the time went, by `batchscorer runs report {run.RunId} --html run.html`");
        }
    }
}
