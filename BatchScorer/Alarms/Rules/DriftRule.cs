using System.Globalization;
using BatchScorer.Jobs;

namespace BatchScorer.Alarms.Rules;

/// <summary>Columns of a run have drifted, by the limits of the job's <c>watch</c>. Each is an alarm of its own, so that each has its beginning.</summary>
internal sealed class DriftRule : IAlarmRule
{
    /// <summary>How many are told at most, the farthest first: <c>drift JOB</c> has the others.</summary>
    private const int MostAlarms = 20;

    public AlarmKind Kind => AlarmKind.Drift;

    public IEnumerable<Alarm> Judge(JobAlarms limits, RunFacts run) =>
        limits.Drift is { } drift && run.Drifted.Count >= drift.Columns ? run.Drifted.Take(MostAlarms).Select(column => Of(column, run)) : [];

    private Alarm Of(ColumnOverLimit column, RunFacts run) => new(
        Kind, column.Column, column.Value, column.Limit,
        string.Create(CultureInfo.InvariantCulture, $"{column.Column} has drifted against {column.Against}: {column.Measure} is {column.Value:0.####}, the limit {column.Limit:0.####}"),
        $"{column.Detail}; `batchscorer drift {run.Job}` has every column");
}
