using BatchScorer.Alarms.Rules;
using BatchScorer.Jobs;

namespace BatchScorer.Alarms;

/// <summary>The rules by which runs are judged.</summary>
internal static class RunAlarms
{
    private static readonly IReadOnlyList<IAlarmRule> Rules = [new RejectedShareRule(), new DurationRule(), new RowsRule(), new DriftRule()];

    /// <summary>The kinds of alarms that a run can raise.</summary>
    public static IReadOnlyList<AlarmKind> Kinds { get; } = [.. Rules.Select(rule => rule.Kind)];

    /// <summary>The limits that a run has crossed.</summary>
    public static IReadOnlyList<Alarm> Judge(JobAlarms limits, RunFacts run) => [.. Rules.SelectMany(rule => rule.Judge(limits, run))];

    /// <summary>Why a run is not to be published.</summary>
    /// <param name="limits">The job's.</param>
    /// <param name="alarms">The run's alarms.</param>
    /// <param name="rejectedAccepted">Whether somebody has accepted its rejected rows, so that these do not hold it.</param>
    /// <returns>Null where nothing holds it.</returns>
    public static string? HoldReason(JobAlarms limits, IReadOnlyList<Alarm> alarms, bool rejectedAccepted)
    {
        var holding = alarms.Where(alarm => limits.Hold?.Contains(alarm.Kind) is true && !(rejectedAccepted && alarm.Kind is AlarmKind.RejectedShare)).ToList();
        return holding.Count == 0 ? null : string.Join("; ", holding.Select(alarm => alarm.Message));
    }
}
