using System.Globalization;
using System.Text.RegularExpressions;
using BatchScorer.Reports.Watching;

namespace BatchScorer.Tests.Reports.Watching;

internal sealed class QualityFigureTests
{
    private static readonly DateTime Monday = new(2026, 3, 2, 0, 0, 0, DateTimeKind.Utc);

    [Test]
    public void Windows_stand_by_time_and_value_and_those_of_a_version_are_joined()
    {
        var figure = QualityFigure.Draw([Point(0, 0.9), Point(1, 0.8), Point(1, 0.85, isOfRun: true), Point(3, 0.7)]).ToString();

        Assert.That(Places(figure, "dot other"), Is.EqualTo(new[] { (12.0, 12.0), (40.333, 60.0), (97.0, 108.0) }));
        Assert.That(Places(figure, "dot"), Is.EqualTo(new[] { (40.333, 36.0) }));
        Assert.That(Regex.Count(figure, "class=\"step other\""), Is.EqualTo(2));
        Assert.That(Regex.Count(figure, "class=\"step\""), Is.Zero);
    }

    [Test]
    public void A_limit_goes_across_and_is_in_sight_beyond_all_values()
    {
        var figure = QualityFigure.Draw([Point(0, 0.9, limit: 0.5), Point(1, 0.7, limit: 0.5)]).ToString();

        Assert.That(figure, Does.Match("class=\"limit\" x1=\"12%\" x2=\"100%\" y1=\"108\" y2=\"108\"><title>limit 0.5<"));
        Assert.That(Places(figure, "dot").Select(place => place.Y), Is.EqualTo(new[] { 12.0, 60.0 }));
    }

    [Test]
    public void A_window_without_a_value_is_left_out_and_a_single_one_stands_in_the_middle()
    {
        var figure = QualityFigure.Draw([Point(0, null), Point(1, 0.7)]).ToString();

        Assert.That(Places(figure, "dot other"), Is.EqualTo(new[] { (54.5, 60.0) }));
        Assert.That(Regex.Count(figure, "class=\"scale\""), Is.EqualTo(1));
    }

    private static IEnumerable<(double X, double Y)> Places(string figure, string kind) =>
        Regex.Matches(figure, $"class=\"{kind}\" cx=\"([^\"]*)%\" cy=\"([^\"]*)\"").Select(match => (Parse(match, 1), Parse(match, 2)));

    private static double Parse(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static QualityPoint Point(int week, double? value, bool isOfRun = false, double? limit = null) => new()
    {
        Metric = "auc", WindowFrom = Monday.AddDays(7 * week), WindowTo = Monday.AddDays(7 * week + 7), ModelName = "churn", ModelVersion = isOfRun ? "2" : "1", IsOfRun = isOfRun || limit is not null,
        Value = value, Labelled = 100, AtLeast = limit, ComputedAt = Monday,
    };
}
