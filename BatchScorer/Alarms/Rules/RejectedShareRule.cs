using BatchScorer.Jobs;
using BatchScorer.Wording;

namespace BatchScorer.Alarms.Rules;

/// <summary>Too many of a run's rows were rejected.</summary>
internal sealed class RejectedShareRule : IAlarmRule
{
    public AlarmKind Kind => AlarmKind.RejectedShare;

    public IEnumerable<Alarm> Judge(JobAlarms limits, RunFacts run)
    {
        if (limits.RejectedShare is not { } limit || run.RowsRejected <= limit * run.RowsRead)
            yield break;
        var share = (double)run.RowsRejected / run.RowsRead;
        yield return new Alarm(
            Kind, "", share, limit,
            $"{Readable.Percent(share)} of the rows were rejected ({Readable.Count(run.RowsRejected)} of {Readable.Count(run.RowsRead)}); the limit is {Readable.Percent(limit)}",
            $"the reasons, by `batchscorer runs show {run.RunId}`");
    }
}
