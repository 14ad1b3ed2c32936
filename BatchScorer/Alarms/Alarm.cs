using BatchScorer.Jobs;

namespace BatchScorer.Alarms;

/// <summary>A limit of a job that was crossed.</summary>
/// <param name="Kind">Which limit.</param>
/// <param name="Subject">What of it: a bound, a column, a metric; empty where there is but one.</param>
/// <param name="Value">What was measured: a share, seconds, rows or a metric's value.</param>
/// <param name="Limit">The limit, in the same unit.</param>
/// <param name="Message">What is the matter, by how much.</param>
/// <param name="LookAt">What to look at next.</param>
internal sealed record Alarm(AlarmKind Kind, string Subject, double Value, double Limit, string Message, string LookAt);

/// <summary>An alarm as it was raised.</summary>
/// <param name="Alarm">The alarm.</param>
/// <param name="Since">Since when the limit has been crossed without a break.</param>
internal sealed record RaisedAlarm(Alarm Alarm, DateTime Since);
