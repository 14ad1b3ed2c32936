using BatchScorer.Jobs;

namespace BatchScorer.Alarms.Rules;

/// <summary>Says whether a run has crossed limits of one kind. Asks nobody: all it goes by is given.</summary>
internal interface IAlarmRule
{
    AlarmKind Kind { get; }

    /// <summary>The limits of its kind that the run has crossed; none where the job has no such limit.</summary>
    IEnumerable<Alarm> Judge(JobAlarms limits, RunFacts run);
}
