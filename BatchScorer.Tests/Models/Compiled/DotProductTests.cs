using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using BatchScorer.Models.Compiled.Predictors.Linear;

namespace BatchScorer.Tests.Models.Compiled;

internal sealed class DotProductTests
{
    private const int Seed = 20260301;

    [Test]
    public void A_dense_product_has_the_bits_of_TensorPrimitives_at_every_length()
    {
        Assume.That(Vector256.IsHardwareAccelerated && !Vector512.IsHardwareAccelerated, "TensorPrimitives sums in lanes of eight only on AVX2 without AVX-512.");
        var random = new Random(Seed);

        for (var length = 1; length < 300; length++)
        {
            var (x, y) = (Numbers(random, length), Numbers(random, length));
            Assert.That(DotProduct.Dense(x, y), Is.EqualTo(TensorPrimitives.Dot<float>(x, y)), $"{length} values");
            Assert.That(DotProduct.SumOfSquares(x), Is.EqualTo(TensorPrimitives.SumOfSquares<float>(x)), $"{length} squares");
        }
    }

    [Test]
    public void A_sparse_product_is_the_sum_over_the_slots_whichever_way_it_is_added([Values(0, 1, 15, 16, 17, 20, 23, 24, 100)] int count)
    {
        var random = new Random(Seed);
        var (weights, values) = (Numbers(random, 200), Numbers(random, 200));
        var slots = Enumerable.Range(0, count).Select(i => 2 * i).ToArray();

        var exact = slots.Sum(slot => (double)weights[slot] * values[slot]);

        Assert.That(DotProduct.Sparse(weights, values, slots), Is.EqualTo(exact).Within(1e-6 * Math.Max(1, slots.Sum(slot => Math.Abs((double)weights[slot] * values[slot])))));
    }

    private static float[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-2, 3))))];
}
