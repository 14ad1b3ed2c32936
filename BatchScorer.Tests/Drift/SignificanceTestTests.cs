using BatchScorer.Drift;

namespace BatchScorer.Tests.Drift;

internal sealed class SignificanceTestTests
{
    /// <summary>SciPy's documentation of <c>chi2_contingency</c>.</summary>
    [Test]
    public void The_chi_squared_test_that_SciPy_publishes()
    {
        var (statistic, p) = SignificanceTests.ChiSquared(new GroupedRows([10, 10, 20], [20, 20, 20]));
        Assert.That(statistic, Is.EqualTo(2.7777777777777777).Within(1e-14));
        Assert.That(p, Is.EqualTo(0.24935220877729622).Within(1e-12));
    }

    [Test]
    public void Two_groups_have_Yates_correction()
    {
        // Expected 15 and 15 each: 4·(|10 - 15| - 0.5)² / 15
        var (statistic, p) = SignificanceTests.ChiSquared(new GroupedRows([10, 20], [20, 10]));
        Assert.That(statistic, Is.EqualTo(4 * 4.5 * 4.5 / 15).Within(1e-14));
        Assert.That(p, Is.EqualTo(0.0201).Within(0.0001)); // 2·(1 - Φ(√5.4))
    }

    [Test]
    public void A_group_without_rows_is_left_out_and_one_group_alone_says_nothing()
    {
        Assert.That(SignificanceTests.ChiSquared(new GroupedRows([10, 0, 10, 20], [20, 0, 20, 20])), Is.EqualTo(SignificanceTests.ChiSquared(new GroupedRows([10, 10, 20], [20, 20, 20]))));
        Assert.That(SignificanceTests.ChiSquared(new GroupedRows([10], [20])), Is.EqualTo((0.0, 1.0)));
    }

    /// <summary>Any table of critical values.</summary>
    [TestCase(1, 3.841458820694124, 0.05)]
    [TestCase(1, 6.634896601021213, 0.01)]
    [TestCase(2, 5.991464547107979, 0.05)]
    [TestCase(10, 18.307038053275146, 0.05)]
    [TestCase(10, 2.5582, 0.99)]
    [TestCase(100, 124.34211340400407, 0.05)]
    public void The_chi_squared_distribution(int freedom, double value, double p) =>
        Assert.That(IncompleteGamma.Upper(freedom / 2.0, value / 2), Is.EqualTo(p).Within(freedom == 10 && p > 0.5 ? 1e-5 : 1e-10));

    [TestCase(1.22385, 0.10)]
    [TestCase(1.35810, 0.05)]
    [TestCase(1.62762, 0.01)]
    public void The_Kolmogorov_distribution(double lambda, double p) =>
        Assert.That(SignificanceTests.KolmogorovSmirnov(lambda / Math.Sqrt(5e11), 1_000_000_000_000, 1_000_000_000_000), Is.EqualTo(p).Within(1e-5));

    [Test]
    public void Equal_samples_have_a_p_value_of_1() => Assert.That(SignificanceTests.KolmogorovSmirnov(0, 100, 100), Is.EqualTo(1));
}
