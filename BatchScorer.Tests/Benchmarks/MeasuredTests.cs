using BatchScorer.Benchmarks.Clients;
using BatchScorer.Benchmarks.Comparison;
using BatchScorer.Benchmarks.Curves;
using BatchScorer.Benchmarks.Metering;

namespace BatchScorer.Tests.Benchmarks;

/// <summary>What is said of measurements follows from them.</summary>
internal sealed class MeasuredTests
{
    [Test]
    public void A_ratio_is_that_of_the_median_round_and_not_of_the_median_rates()
    {
        // The machine was busy in the second round.
        var (one, other) = (Rates("one", 200, 20, 120), Rates("other", 100, 10, 110));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(one.RowsPerSecond, Is.EqualTo(120).Within(1e-9));
            Assert.That(other.RowsPerSecond, Is.EqualTo(100).Within(1e-9));
            Assert.That(one.Against(other), Is.EqualTo(2).Within(1e-9));
        }
    }

    [Test]
    public void A_comparison_has_a_line_for_each_way_and_a_column_for_each_reference_that_was_measured()
    {
        var report = new ComparisonReport([Rates("floor", 400_000), Rates("ours", 300_000)], ("of floor", "floor"), ("x Python", "script"));

        var lines = report.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.Length.EqualTo(3));
            Assert.That(lines[0], Does.Contain("of floor").And.Not.Contain("Python"));
            Assert.That(lines[2], Does.StartWith("ours").And.Contain("300,000").And.Contain("0.75"));
        }
    }

    [Test]
    public void What_further_rows_cost_leaves_out_what_is_there_once()
    {
        // 1 ms and 50,000 bytes once, then 1 µs and 8 bytes a row; a floor that takes no time but for its rows.
        var rows = new[] { 10_000, 100_000, 1_000_000 }.Select(count => new CurveRow(
            count,
            new Measured("floor", [Cost(count, TimeSpan.FromMicroseconds(count), 100, 0)]),
            new Measured("BatchScorer", [Cost(count, TimeSpan.FromMicroseconds(1000 + count), 100 + count / 10_000, 50_000 + 8L * count)]))).ToList();

        var growth = RowsGrowth.Of(rows);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((growth.From.X, growth.To.X), Is.EqualTo((100_000, 1_000_000)));
            Assert.That(growth.FloorTime, Is.EqualTo(10).Within(1e-9));
            Assert.That(growth.Time, Is.EqualTo(1001.0 / 101).Within(1e-9));
            Assert.That(growth.Peak, Is.EqualTo(200.0 / 110).Within(1e-9));
            Assert.That(growth.AllocatedPerFurtherRow, Is.EqualTo(8).Within(1e-9));
        }
    }

    [Test]
    public void The_curves_go_as_far_as_they_are_said_to()
    {
        var curves = Curve.All(1_000_000).ToDictionary(curve => curve.Name, curve => (curve.Points[0].X, curve.Points[^1].X));

        Assert.That(curves, Is.EqualTo(new Dictionary<string, (int, int)>
        {
            ["rows"] = (10_000, 10_000_000),
            ["partitions"] = (1, 4),
            ["processes"] = (1, 4),
            ["features"] = (5, 200),
            ["trees"] = (1, 1000),
        }));
    }

    private static Measured Rates(string name, params double[] rowsPerSecond) =>
        new(name, [.. rowsPerSecond.Select(rate => Cost((long)rate, TimeSpan.FromSeconds(1), 100, null))]);

    private static Cost Cost(long rows, TimeSpan elapsed, long megabytes, long? allocated) =>
        new(rows, elapsed, TimeSpan.Zero, TimeSpan.Zero, megabytes * 1_000_000, allocated);
}
