using BatchScorer.Drift;

namespace BatchScorer.Tests.Drift;

internal sealed class DivergenceTests
{
    [Test]
    public void Psi_by_hand()
    {
        // (0.5 - 0.6)·ln(0.5 / 0.6) + (0.5 - 0.4)·ln(0.5 / 0.4)
        Assert.That(Divergences.Psi([0.5, 0.5], [0.6, 0.4]), Is.EqualTo(0.1 * Math.Log(1.2) + 0.1 * Math.Log(1.25)).Within(1e-15));
        Assert.That(Divergences.Psi([0.2, 0.8], [0.2, 0.8]), Is.Zero);
    }

    [Test]
    public void A_share_of_0_counts_as_a_ten_thousandth_or_less_than_the_least_share()
    {
        Assert.That(Divergences.Psi([1, 0], [0.9, 0.1]), Is.EqualTo(0.1 * Math.Log(1 / 0.9) + (0.0001 - 0.1) * Math.Log(0.001)).Within(1e-15));
        // The least share is a hundred-thousandth, so 0 is its millionth.
        Assert.That(Divergences.Psi([1 - 1e-5, 1e-5, 0], [1 - 1e-5, 0, 1e-5]), Is.EqualTo(2 * (1e-5 - 1e-11) * Math.Log(1e6)).Within(1e-15));
    }

    /// <summary>SciPy's documentation of <c>jensenshannon</c>: 1 to base 2, and 0.46450140402245893 with natural logarithms.</summary>
    [Test]
    public void Jensen_Shannon_distances_that_SciPy_publishes()
    {
        Assert.That(Divergences.JensenShannon([1, 0, 0], [0, 1, 0]), Is.EqualTo(1));
        Assert.That(Divergences.JensenShannon([1, 0], [0.5, 0.5]), Is.EqualTo(0.46450140402245893 / Math.Sqrt(Math.Log(2))).Within(1e-15));
        Assert.That(Divergences.JensenShannon([1, 0, 0], [1, 0, 0]), Is.Zero);
    }

    /// <summary>NannyML's tests: a category that is replaced by another, and six values replaced by three of which one is new.</summary>
    [Test]
    public void Jensen_Shannon_distances_that_NannyML_publishes()
    {
        Assert.That(Divergences.JensenShannon([0.25, 0.25, 0.25, 0.25, 0], [0.25, 0.25, 0.25, 0, 0.25]), Is.EqualTo(0.5).Within(1e-15));
        const double sixth = 1.0 / 6;
        const double third = 1.0 / 3;
        Assert.That(Divergences.JensenShannon([sixth, sixth, sixth, sixth, sixth, sixth, 0], [third, 0, 0, 0, 0, third, third]), Is.EqualTo(0.735).Within(0.005));
    }
}
