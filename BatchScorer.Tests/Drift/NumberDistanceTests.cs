using BatchScorer.Drift;
using BatchScorer.Tests.Profiles;

namespace BatchScorer.Tests.Drift;

internal sealed class NumberDistanceTests
{
    /// <summary>SciPy's documentation of <c>wasserstein_distance</c>; weights as repetitions.</summary>
    [TestCase(new double[] { 0, 1, 3 }, new double[] { 5, 6, 8 }, 5.0)]
    [TestCase(new double[] { 0, 0, 0, 1 }, new double[] { 0, 0, 1, 1 }, 0.25)]
    public void Wasserstein_distances_that_SciPy_publishes(double[] reference, double[] current, double expected) =>
        Assert.That(NumberDistances.Wasserstein(Align(reference, current), 1), Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void A_distance_is_in_standard_deviations_of_at_least_a_thousandth()
    {
        Assert.That(NumberDistances.Wasserstein(Align([0, 1], [1, 2]), 0.5), Is.EqualTo(2).Within(1e-12));
        Assert.That(NumberDistances.Wasserstein(Align([0], [1]), 0), Is.EqualTo(1000).Within(1e-9));
    }

    [Test]
    public void A_shifted_normal_distribution_is_as_far_as_the_shift()
    {
        var random = new Random(1);
        double[] reference = [.. Enumerable.Range(0, 50_000).Select(_ => Normal(random))];
        double[] current = [.. Enumerable.Range(0, 50_000).Select(_ => Normal(random) + 1)];
        var measured = ColumnDrift.Measure(ProfiledRows.Of(reference), ProfiledRows.Of(current));

        Assert.That(measured[DriftMeasure.Wasserstein], Is.EqualTo(1).Within(0.02), "as on raw values");
        Assert.That(measured[DriftMeasure.KolmogorovSmirnov], Is.EqualTo(0.3829).Within(0.01), "2·Φ(1/2) - 1");
        Assert.That(measured[DriftMeasure.KolmogorovSmirnovP], Is.Zero);
        Assert.That(measured[DriftMeasure.Psi], Is.EqualTo(1).Within(0.1), "both Kullback-Leibler divergences are 1/2, of which twenty groups lose a little");
    }

    [Test]
    public void Statistics_on_bins_are_near_those_on_the_values()
    {
        var random = new Random(3);
        double[] reference = [.. Enumerable.Range(0, 20_000).Select(_ => Math.Exp(Normal(random)))];
        double[] current = [.. Enumerable.Range(0, 5_000).Select(_ => Math.Exp(Normal(random) * 1.2 + 0.1))];
        var aligned = Align(reference, current);

        Assert.That(NumberDistances.KolmogorovSmirnov(aligned), Is.EqualTo(RawKolmogorovSmirnov(reference, current)).Within(0.005));
        Assert.That(NumberDistances.Wasserstein(aligned, 1), Is.EqualTo(RawWasserstein(reference, current)).Within(1).Percent);
    }

    [Test]
    public void The_reference_is_cut_into_twenty_groups_of_about_as_many_rows()
    {
        var random = new Random(4);
        double[] reference = [.. Enumerable.Range(0, 20_000).Select(_ => Normal(random))];
        var groups = Align(reference, [-100, 0, 100]).Grouped();
        Assert.That(groups.Reference, Has.Count.EqualTo(22));
        Assert.That((groups.Reference[0], groups.Current[0], groups.Reference[^1], groups.Current[^1]), Is.EqualTo((0, 1, 0, 1)));
        Assert.That(groups.Reference.Skip(1).SkipLast(1), Is.All.InRange(700, 1300));
    }

    [Test]
    public void Few_values_have_a_group_each_and_new_ones_between_them_share_one()
    {
        var groups = Align([1, 1, 2, 4], [1, 2, 3, 2.5]).Grouped();
        Assert.That(groups.Reference, Is.EqualTo(new[] { 2, 1, 0, 1 }));
        Assert.That(groups.Current, Is.EqualTo(new[] { 1, 1, 2, 0 }));
    }

    [Test]
    public void A_constant_that_becomes_another_is_as_far_as_can_be()
    {
        var measured = ColumnDrift.Measure(ProfiledRows.Of(Enumerable.Repeat(0f, 2000).ToArray()), ProfiledRows.Of(Enumerable.Repeat(5f, 2000).ToArray()));
        Assert.That((measured[DriftMeasure.KolmogorovSmirnov], measured[DriftMeasure.JensenShannon]), Is.EqualTo((1.0, 1.0)));
    }

    private static AlignedBins Align(double[] reference, double[] current) => new(ProfiledRows.Of(reference).Histogram, ProfiledRows.Of(current).Histogram);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double RawKolmogorovSmirnov(double[] one, double[] two) =>
        one.Concat(two).Max(value => Math.Abs(Share(one, value) - Share(two, value)));

    private static double RawWasserstein(double[] one, double[] two)
    {
        var all = one.Concat(two).Order().ToArray();
        return all.Zip(all.Skip(1)).Sum(pair => (pair.Second - pair.First) * Math.Abs(Share(one, pair.First) - Share(two, pair.First)));
    }

    private static readonly Dictionary<double[], double[]> Sorted = [];

    private static double Share(double[] values, double most)
    {
        if (!Sorted.TryGetValue(values, out var sorted))
            Sorted[values] = sorted = [.. values.Order()];
        var at = Array.BinarySearch(sorted, most);
        return (at < 0 ? ~at : at + 1) / (double)sorted.Length;
    }
}
