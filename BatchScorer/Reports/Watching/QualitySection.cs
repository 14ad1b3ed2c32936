using System.Globalization;
using BatchScorer.Reports.Markup;

namespace BatchScorer.Reports.Watching;

/// <summary>How good a job's predictions were over time, as a part of a run's page.</summary>
internal static class QualitySection
{
    public static Html Of(RunDetails details)
    {
        if (details.Quality is not { } quality)
            return Html.Of($"<p>Nothing is known of it: no labels of this job have been taken up.</p>");
        return Html.Of(
            $"""
            <p>By window of the labels' time, as of {Words.Time(quality.Metrics[0][0].ComputedAt)}: filled with an unbroken line, this run's version of the model; hollow with a broken one, others. A dotted line is a limit.</p>
            <div class="outputs">
            {quality.Metrics.Select(Draw)}</div>

            """);
    }

    private static Html Draw(IReadOnlyList<QualityPoint> points) => Html.Of(
        $"""
        <figure>
        <h3>{points[0].Metric}</h3>
        {(points.Any(point => point.Value is not null) ? QualityFigure.Draw(points) : default)}
        <figcaption>{Caption(points)}</figcaption>
        {Table(points)}</figure>

        """);

    private static Html Table(IReadOnlyList<QualityPoint> points)
    {
        var table = new Table($"{points[0].Metric} by windows", "labels from", "before", "model~", "labels>", $"{points[0].Metric}>");
        foreach (var point in points)
            table.Add(Day(point.WindowFrom), Day(point.WindowTo), Words.Text(NameOf(point)), Words.Count(point.Labelled), Words.Text(point.Value is { } value ? Number(value) : "-"));
        return Html.Of(
            $"""
            <details><summary>The windows as a table</summary>
            {table.ToHtml()}</details>

            """);
    }

    private static string Caption(IReadOnlyList<QualityPoint> points) => string.Join(' ', new[]
    {
        points.LastOrDefault(point => point.Value is not null) is { Value: { } last } ? $"Last it was {Number(last)}." : null,
        points[0].AtLeast is { } least ? $"Limit: at least {Number(least)}." : null,
        points[0].AtMost is { } most ? $"Limit: at most {Number(most)}." : null,
        points.LastOrDefault(point => point.Reason is not null) is { Reason: { } reason } ? $"Not defined in {(points.Any(point => point.Value is not null) ? "every" : "any")} window: {reason}." : null,
    }.Where(sentence => sentence is not null));

    /// <summary>The model of a point.</summary>
    public static string NameOf(QualityPoint point) => $"{point.ModelName} {point.ModelVersion}";

    /// <summary>A value of a metric.</summary>
    public static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>Windows begin at midnight in UTC.</summary>
    public static Html Day(DateTime utc)
    {
        var day = utc.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return Html.Of($"<time datetime=\"{day}\">{day}</time>");
    }
}
