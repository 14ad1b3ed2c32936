using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using BatchScorer.Jobs.Json;

namespace BatchScorer.Jobs;

/// <summary>Limits of which somebody wants to be told when they are crossed. The run goes on; what is named in <see cref="Hold"/> is not published by itself.</summary>
internal sealed record JobAlarms
{
    [Description("Above which share of a run's rejected rows there is an alarm, from 0 to 1. Of use below limits.rejectedShare, over which the run fails. Default: none.")]
    [Range(0.0, 1.0)]
    public double? RejectedShare { get; init; }

    [Description("How long a run may be worked on without an alarm, hours:minutes:seconds, with days in front; up to 366 days. Default: any time.")]
    [Range(typeof(TimeSpan), "00:00:01", "366.00:00:00")]
    public TimeSpan? Duration { get; init; }

    [Description("How many rows a run may read without an alarm.")]
    public JobRowBounds Rows { get; init; } = new();

    [Description("Alarms for columns that have drifted, by the limits of \"watch\". Default: none.")]
    public JobDriftAlarm? Drift { get; init; }

    [Description("How long after the last publication there is an alarm, if none has followed: \"1.06:00:00\" for 30 hours, from a minute to 366 days. serve looks after it. Default: never.")]
    [Range(typeof(TimeSpan), "00:01:00", "366.00:00:00")]
    public TimeSpan? Stale { get; init; }

    [Description("Alarms for predictions that turned out too bad, by the job's \"labels\". serve looks after it. Default: none.")]
    public JobQualityAlarm? Quality { get; init; }

    [Description("The alarms of a run that keep its predictions from being published until `runs publish` does. Default: none.")]
    [Length(1, 10), UniqueItems]
    public IReadOnlyList<AlarmKind>? Hold { get; init; }

    [Description("Who is told of alarms.")]
    public JobWebhook? Webhook { get; init; }
}

/// <summary>How many columns of a run may drift.</summary>
internal sealed record JobDriftAlarm
{
    [Description("From how many drifted columns on each of them is an alarm.")]
    [Range(1, 10_000)]
    public int Columns { get; init; } = 1;
}

/// <summary>How good predictions have to turn out, in the newest window of labels that has enough of them.</summary>
internal sealed record JobQualityAlarm
{
    [Description("How many labels a window must have to be judged.")]
    [Range(1, int.MaxValue)]
    public int FewestLabels { get; init; } = 100;

    [Description("Metric → its bounds, such as \"auc\": { \"atLeast\": 0.7 }. The metrics are those of the kind of labels, as `quality` lists them.")]
    public required IReadOnlyDictionary<string, JobMetricBounds> Metrics { get; init; }
}

/// <summary>Between which values a metric has to be.</summary>
internal sealed record JobMetricBounds
{
    [Description("Below which value there is an alarm. Default: none.")]
    public double? AtLeast { get; init; }

    [Description("Above which value there is an alarm. Default: none.")]
    public double? AtMost { get; init; }
}

/// <summary>How many rows a run may read.</summary>
internal sealed record JobRowBounds
{
    [Description("Below which number there is an alarm. Default: none.")]
    [Range(1, int.MaxValue)]
    public int? AtLeast { get; init; }

    [Description("Above which number there is an alarm. Default: none.")]
    [Range(1, int.MaxValue)]
    public int? AtMost { get; init; }
}
