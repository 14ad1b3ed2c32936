using BatchScorer.Cli.Demo;

namespace BatchScorer.Tests.Cli.Demo;

internal sealed class SplitMix64Tests
{
    private const int Draws = 100_000;

    [Test]
    public void Its_numbers_are_those_that_are_published_for_the_seed()
    {
        var random = new SplitMix64(1234567);

        Assert.That(
            new[] { random.Next(), random.Next(), random.Next() },
            Is.EqualTo(new ulong[] { 6457827717110365317, 3203168211198807973, 9817491932198370423 }));
    }

    [Test]
    public void Distributions_have_their_means()
    {
        var random = new SplitMix64(1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Mean(random.Uniform), Is.EqualTo(0.5).Within(0.01));
            Assert.That(Mean(random.Normal), Is.Zero.Within(0.02));
            Assert.That(Mean(() => Math.Pow(random.Normal(), 2)), Is.EqualTo(1).Within(0.03));
            Assert.That(Mean(() => random.Poisson(3.5)), Is.EqualTo(3.5).Within(0.05));
            Assert.That(Mean(() => random.Pick(1, 0, 3) == 2 ? 1 : 0), Is.EqualTo(0.75).Within(0.01));
            Assert.That(Mean(() => random.Pick(1, 0, 3) == 1 ? 1 : 0), Is.Zero);
        }
    }

    private static double Mean(Func<double> draw) => Enumerable.Range(0, Draws).Average(_ => draw());
}
