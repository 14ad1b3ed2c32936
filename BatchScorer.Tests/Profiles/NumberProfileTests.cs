using BatchScorer.Batches;
using BatchScorer.Profiles;

namespace BatchScorer.Tests.Profiles;

internal sealed class NumberProfileTests
{
    [Test]
    public void Missing_values_are_counted_and_are_in_nothing_else()
    {
        var profile = ProfiledRows.Of([1f, float.NaN, 4, 2, float.NaN]);
        Assert.That((profile.Rows, profile.Missing, profile.MissingShare, profile.Min, profile.Max), Is.EqualTo((5, 2, 0.4, 1.0, 4.0)));
        Assert.That(profile.Mean, Is.EqualTo(7.0 / 3));
        Assert.That(profile.StandardDeviation, Is.EqualTo(Math.Sqrt(14.0 / 9)).Within(1e-15)); // (1 + 16 + 4) / 3 - (7 / 3)²
        Assert.That(profile.Histogram.Bins.Sum(bin => bin.Rows), Is.EqualTo(3));
    }

    [Test]
    public void A_column_without_values_has_neither_mean_nor_bounds()
    {
        var profile = ProfiledRows.Of([float.NaN]);
        Assert.That((profile.Mean, profile.StandardDeviation, profile.Min, profile.Max), Is.EqualTo(((double?)null, (double?)null, double.PositiveInfinity, double.NegativeInfinity)));
    }

    [Test]
    public void Nothing_is_lost_where_large_values_cancel()
    {
        Assert.That(ProfiledRows.Of([1e150, 1, -1e150, 1e-300]).Mean, Is.EqualTo(0.25));
        // A naive sum of squares less the squared mean has no correct digit here.
        Assert.That(ProfiledRows.Of([1e9 + 1, 1e9 + 2, 1e9 + 3]).StandardDeviation, Is.EqualTo(Math.Sqrt(2.0 / 3)).Within(1e-15));
    }

    [Test]
    public void Infinities_are_in_the_histogram_and_the_bounds_but_not_in_the_mean()
    {
        var profile = ProfiledRows.Of([float.PositiveInfinity, 1, 3, float.NegativeInfinity, float.NegativeInfinity]);
        Assert.That((profile.Infinite, profile.Mean, profile.Min, profile.Max), Is.EqualTo((3, 2.0, double.NegativeInfinity, double.PositiveInfinity)));
        Assert.That(profile.Histogram.Bins.Select(bin => bin.Rows), Is.EqualTo(new[] { 2, 1, 1, 1 }));
    }

    [Test]
    public void Few_different_values_have_a_bin_each()
    {
        var profile = ProfiledRows.Of([.. Enumerable.Range(0, 5000).Select(i => (float)(2019 + i % 7))]);
        Assert.That(profile.Histogram.Bins.Select(bin => profile.Histogram.BoundsOf(bin.Key).Least), Is.EqualTo(Enumerable.Range(2019, 7)));
        Assert.That(profile.Histogram.Bins.Select(bin => bin.Rows), Is.EqualTo(new[] { 715, 715, 714, 714, 714, 714, 714 }));
    }

    [TestCase(0, 1)]
    [TestCase(293, 294)]
    [TestCase(-5, 5)]
    [TestCase(1e9, 1.1e9)]
    public void Many_have_bins_that_split_where_the_values_are(double from, double to)
    {
        var random = new Random(1);
        var histogram = ProfiledRows.Of([.. Enumerable.Range(0, 50_000).Select(_ => (float)(from + random.NextDouble() * (to - from)))]).Histogram;
        Assert.That(histogram.Bins, Has.Count.InRange(200, Histogram.MostBins));
        Assert.That(histogram.Bins.Max(bin => bin.Rows), Is.LessThan(50_000 / 20), "no bin is as wide as a twentieth of the values");
    }

    [Test]
    public void Bins_lie_side_by_side_and_hold_their_values()
    {
        var random = new Random(2);
        var values = Enumerable.Range(0, 5_000).Select(_ => (random.NextDouble() - 0.5) * 1000).Append(0).Order().ToArray();
        var histogram = ProfiledRows.Of(values).Histogram;
        var greatest = double.NegativeInfinity;
        var at = 0;
        foreach (var (key, rows) in histogram.Bins)
        {
            var bounds = histogram.BoundsOf(key);
            Assert.That(bounds.Least, Is.GreaterThan(greatest));
            for (var i = 0; i < rows; i++)
                Assert.That(values[at++], Is.InRange(bounds.Least, bounds.Greatest));
            greatest = bounds.Greatest;
        }

        Assert.That(at, Is.EqualTo(values.Length));
    }

    [Test]
    public void Rejected_rows_are_left_out()
    {
        var batch = Batch.Create([("X", new ColumnType(ValueKind.Single)), ("Y", new ColumnType(ValueKind.Int32)), ("Z", new ColumnType(ValueKind.Text)), ("B", new ColumnType(ValueKind.Boolean))], 4);
        var collector = new ProfileCollector(batch.Columns.Select(column => new ProfiledColumn(ProfileSide.Output, column.Name, column)));
        for (var row = 0; row < 4; row++)
        {
            ((Column<float>)batch["X"]).Values[row] = row;
            ((Column<int>)batch["Y"]).Values[row] = row;
            ((TextColumn)batch["Z"]).Append($"{row}");
            ((Column<bool>)batch["B"]).Values[row] = row == 1;
        }

        collector.Add([false, true, false, false]);
        var profile = collector.Take();
        Assert.That(profile.Columns.Select(column => column.Rows), Is.All.EqualTo(3));
        Assert.That(profile.Columns.OfType<NumberProfile>().Select(column => (column.Mean, column.Min, column.Max)), Is.All.EqualTo((5.0 / 3, 0.0, 3.0)));
        Assert.That(profile.Columns.OfType<CategoryProfile>().SelectMany(column => column.Categories.Select(category => category.Text)), Is.EquivalentTo(new[] { "0", "2", "3", "false" }));
    }

    [Test]
    public void Each_slot_of_a_vector_is_profiled_by_itself()
    {
        var batch = Batch.Create([("X", new ColumnType(ValueKind.Single, 2))], 3);
        new float[] { 1, 10, 2, 20, 3, 30 }.CopyTo(((Column<float>)batch["X"]).Values, 0);
        var collector = new ProfileCollector([new ProfiledColumn(ProfileSide.Input, "X", batch["X"])]);
        collector.Add(new bool[3]);
        Assert.That(collector.Take().Columns.Cast<NumberProfile>().Select(column => (column.Name, column.Mean)), Is.EqualTo(new[] { ("X[0]", (double?)2), ("X[1]", 20) }));
    }
}
