using BatchScorer.Errors;
using BatchScorer.Jobs.Json;
using BatchScorer.Quality.Metrics;

namespace BatchScorer.Jobs;

/// <summary>The rules between the properties of a job's alarms.</summary>
internal sealed class AlarmRules(JobDefinition job, JsonTree document, FaultList faults)
{
    private readonly JobAlarms alarms = job.Alarms;

    public void Check()
    {
        if (faults.Sound("alarms.rows") && alarms.Rows.AtLeast > alarms.Rows.AtMost)
            faults.Add(document, "alarms.rows.atMost", $"expected at least alarms.rows.atLeast, {alarms.Rows.AtLeast}, got {alarms.Rows.AtMost}");
        if (faults.Sound("alarms.quality", "labels") && alarms.Quality is { } quality)
            CheckQuality(quality);
        if (faults.Sound("alarms"))
            CheckHold();
    }

    private void CheckQuality(JobQualityAlarm quality)
    {
        if (job.Labels is null)
            faults.Add(document, "alarms.quality", "without \"labels\" it is not known how good predictions were; name them, or leave this out");
        foreach (var metric in quality.Metrics.Keys.Where(metric => !MetricNames.All.Contains(metric)))
        {
            faults.Add(document, JsonPath.Property("alarms.quality.metrics", metric),
                $"there is no metric \"{metric}\", expected one of {string.Join(", ", MetricNames.All)}{Suggestion.For(metric, MetricNames.All)}");
        }
    }

    private void CheckHold()
    {
        foreach (var (kind, index) in (alarms.Hold ?? []).Select((kind, index) => (kind, index)))
        {
            var path = JsonPath.Item("alarms.hold", index);
            if (kind is AlarmKind.Stale or AlarmKind.Quality)
                faults.Add(document, path, $"\"{AlarmWords.Of(kind)}\" is not of a run that could be held; leave it out");
            else if (!HasLimit(kind))
                faults.Add(document, path, $"nothing is held without a limit; name \"alarms.{AlarmWords.Of(kind)}\", or leave it out");
        }
    }

    private bool HasLimit(AlarmKind kind) => kind switch
    {
        AlarmKind.RejectedShare => alarms.RejectedShare is not null,
        AlarmKind.Duration => alarms.Duration is not null,
        AlarmKind.Drift => alarms.Drift is not null,
        _ => alarms.Rows is not { AtLeast: null, AtMost: null },
    };
}
