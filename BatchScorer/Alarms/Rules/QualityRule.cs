using System.Globalization;
using BatchScorer.Jobs;
using BatchScorer.Wording;

namespace BatchScorer.Alarms.Rules;

/// <summary>What is known of a metric in the newest window of labels.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Labelled">How many labelled predictions it was computed from.</param>
/// <param name="WindowFrom">The first time of a label in the window.</param>
/// <param name="Model">Name and version of the model that made the predictions.</param>
internal sealed record QualityFact(string Metric, double Value, long Labelled, DateTime WindowFrom, string Model);

/// <summary>Predictions turned out worse than the job allows. Labels come late, so it is of no run.</summary>
internal static class QualityRule
{
    /// <summary>The metrics that are beyond their bounds.</summary>
    public static IEnumerable<RaisedAlarm> Judge(JobDefinition job, IReadOnlyList<QualityFact> facts)
    {
        foreach (var fact in facts)
        {
            var bounds = job.Alarms.Quality?.Metrics.GetValueOrDefault(fact.Metric);
            if (fact.Value < bounds?.AtLeast)
                yield return Of(job, fact, "at least", bounds.AtLeast.Value);
            else if (fact.Value > bounds?.AtMost)
                yield return Of(job, fact, "at most", bounds.AtMost.Value);
        }
    }

    private static RaisedAlarm Of(JobDefinition job, QualityFact fact, string bound, double limit) => new(
        new Alarm(
            AlarmKind.Quality, fact.Metric, fact.Value, limit,
            string.Create(CultureInfo.InvariantCulture,
                $"{fact.Metric} of {fact.Model} is {fact.Value:0.####}, expected {bound} {limit:0.####}, over {fact.Labelled:N0} labels from {Readable.Time(fact.WindowFrom)} on"),
            $"how it went over time, by `batchscorer quality {job.Name}`"),
        fact.WindowFrom);
}
