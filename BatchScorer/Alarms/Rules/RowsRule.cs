using BatchScorer.Jobs;
using BatchScorer.Wording;

namespace BatchScorer.Alarms.Rules;

/// <summary>A run had too few rows, or too many. One that failed has not seen them all, and is not judged.</summary>
internal sealed class RowsRule : IAlarmRule
{
    public AlarmKind Kind => AlarmKind.Rows;

    public IEnumerable<Alarm> Judge(JobAlarms limits, RunFacts run)
    {
        if (!run.Succeeded)
            yield break;
        if (run.RowsRead < limits.Rows.AtLeast)
            yield return Of("atLeast", run, limits.Rows.AtLeast.Value, "whether the source was loaded in full, and which rows the run was for");
        if (run.RowsRead > limits.Rows.AtMost)
            yield return Of("atMost", run, limits.Rows.AtMost.Value, "whether the source was loaded twice, and which rows the run was for");
    }

    private Alarm Of(string bound, RunFacts run, long limit, string lookAt) => new(
        Kind, bound, run.RowsRead, limit,
        $"the run read {Readable.Count(run.RowsRead)} rows, expected {(bound is "atLeast" ? "at least" : "at most")} {Readable.Count(limit)}",
        $"{lookAt}, by `batchscorer runs show {run.RunId}`");
}
