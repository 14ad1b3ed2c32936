using BatchScorer.Reports.Markup;
using BatchScorer.Wording;

namespace BatchScorer.Reports.Watching;

/// <summary>A metric over time: a dot a window, joined by model version, with the limits across. Places are in percent of the width and points of the height, so that nothing is stretched.</summary>
internal sealed class QualityFigure
{
    private const double Left = 12, Right = 97; // the scale stands to the left
    private const double Top = 12, Bottom = 108;

    private readonly List<QualityPoint> points;
    private readonly double least, greatest;

    private QualityFigure(IReadOnlyList<QualityPoint> all)
    {
        points = [.. all.Where(point => point.Value is not null)];
        var values = points.Select(point => point.Value!.Value).Concat(Limits).ToList();
        (least, greatest) = (values.Min(), values.Max());
    }

    private IEnumerable<double> Limits => new[] { points[0].AtLeast, points[0].AtMost }.OfType<double>();

    /// <param name="points">Of one metric by time, at least one with a value.</param>
    public static Html Draw(IReadOnlyList<QualityPoint> points) => new QualityFigure(points).Draw();

    private Html Draw() => Html.Of(
        $"""
        <svg class="course" height="120" role="img" aria-label="{points[0].Metric} in {Words.Counted(points.Count, "window")}; its figures are in the table below">
        <text class="scale" x="0" y="{Y(greatest) + 4}">{QualitySection.Number(greatest)}</text>
        {(greatest > least ? Html.Of($"<text class=\"scale\" x=\"0\" y=\"{Y(least) + 4}\">{QualitySection.Number(least)}</text>") : default)}
        {Limits.Select(limit => Html.Of($"<line class=\"limit\" x1=\"{Left}%\" x2=\"100%\" y1=\"{Y(limit)}\" y2=\"{Y(limit)}\"><title>limit {QualitySection.Number(limit)}</title></line>\n"))}
        {points.GroupBy(point => (point.ModelName, point.ModelVersion, point.IsOfRun)).Select(version => Draw([.. version]))}</svg>
        <div class="axis"><span>{QualitySection.Day(points[0].WindowFrom)}</span><span>{QualitySection.Day(points[^1].WindowTo)}</span></div>

        """);

    private Html Draw(List<QualityPoint> version)
    {
        var kind = version[0].IsOfRun ? "" : " other";
        return Html.Of($"{version.Zip(version.Skip(1), (from, to) => Html.Of($"<line class=\"step{kind}\" x1=\"{X(from)}%\" y1=\"{Y(from)}\" x2=\"{X(to)}%\" y2=\"{Y(to)}\"/>\n"))}{version.Select(Dot)}");

        Html Dot(QualityPoint point) => Html.Of(
            $"""
            <circle class="dot{kind}" cx="{X(point)}%" cy="{Y(point)}" r="4"><title>{QualitySection.NameOf(point)}, {Words.Counted(point.Labelled, "label")} from {Readable.Time(point.WindowFrom)}: {QualitySection.Number(point.Value!.Value)}</title></circle>

            """);
    }

    private double X(QualityPoint point)
    {
        var (first, last) = (points[0].WindowFrom, points[^1].WindowFrom);
        return last == first ? (Left + Right) / 2 : Left + (Right - Left) * ((point.WindowFrom - first) / (last - first));
    }

    private double Y(QualityPoint point) => Y(point.Value!.Value);

    private double Y(double value) => greatest > least ? Bottom - (Bottom - Top) * (value - least) / (greatest - least) : (Top + Bottom) / 2;
}
