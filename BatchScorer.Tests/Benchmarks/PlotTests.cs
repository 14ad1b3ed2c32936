using System.Globalization;
using System.Xml.Linq;
using BatchScorer.Benchmarks.Plots;

namespace BatchScorer.Tests.Benchmarks;

internal sealed class PlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Test]
    public void A_linear_axis_begins_with_zero_and_reaches_beyond_every_number()
    {
        Assert.That(PlotAxis.For([180_000, 342_000], logarithmic: false).Ticks, Is.EqualTo(new double[] { 0, 100_000, 200_000, 300_000, 400_000 }));
    }

    [TestCase(60_000, 342_000, new double[] { 50_000, 100_000, 200_000, 500_000 })]
    [TestCase(1000, 1000, new double[] { 1000, 2000 })]
    [TestCase(2, 90, new double[] { 2, 5, 10, 20, 50, 100 })]
    public void A_logarithmic_axis_has_ones_twos_and_fives_around_every_number(double least, double greatest, double[] ticks)
    {
        Assert.That(PlotAxis.For([greatest, least], logarithmic: true).Ticks, Is.EqualTo(ticks));
    }

    [Test]
    public void Equal_ratios_are_equally_far_apart_on_a_logarithmic_axis()
    {
        var axis = PlotAxis.At([10, 100, 10_000], logarithmic: true);

        Assert.That(new[] { 10, 100, 1000, 10_000.0 }.Select(axis.Position), Is.EqualTo(new[] { 0, 1 / 3.0, 2 / 3.0, 1 }).Within(1e-12));
    }

    [TestCase(0, "0")]
    [TestCase(1000, "1000")]
    [TestCase(30_000, "30k")]
    [TestCase(250_000, "250k")]
    [TestCase(1_500_000, "1.5M")]
    public void Great_numbers_are_written_short(double number, string label)
    {
        Assert.That(Plot.Label(number), Is.EqualTo(label));
    }

    [Test]
    public void A_line_goes_through_its_points_from_axis_to_axis_and_its_name_is_written()
    {
        var plot = new Plot("rate", PlotAxis.At([1, 2, 3], logarithmic: false), PlotAxis.For([0, 10], logarithmic: false), [new PlotSeries("rows & more", [(1, 0), (2, 5), (3, 10)])]);

        var svg = XDocument.Parse(plot.ToString()).Root!;

        var points = ((string)svg.Element(Svg + "polyline")!.Attribute("points")!).Split(' ')
            .Select(point => point.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var rules = svg.Elements(Svg + "line").Select(line => ((double)line.Attribute("x1")!, (double)line.Attribute("x2")!, (double)line.Attribute("y1")!)).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(points.Select(point => point[0]), Is.EqualTo(new[] { rules[0].Item1, (rules[0].Item1 + rules[0].Item2) / 2, rules[0].Item2 }));
            Assert.That(points.Select(point => point[1]), Is.EqualTo(new[] { rules[0].Item3, (rules[0].Item3 + rules[^1].Item3) / 2, rules[^1].Item3 }));
            Assert.That(svg.Elements(Svg + "text").Select(text => text.Value), Is.SupersetOf(new[] { "rate", "rows & more", "1", "2", "3", "10" }));
        }
    }
}
