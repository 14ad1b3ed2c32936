using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BatchScorer.Models.Compiled.Predictors.Linear;

/// <summary>
/// Dot products of floats, summed in the order in which ML.NET sums them on a processor with AVX2 and FMA. The order is the
/// same on every processor, so a prediction's bits do not depend on where it was made.
/// </summary>
internal static class DotProduct
{
    private const int Lanes = 8;

    /// <summary>Stored values from which on ML.NET sums a sparse vector in lanes.</summary>
    private const int LeastInLanes = 16;

    /// <summary>Vectors a round of <c>TensorPrimitives.Dot</c> takes; more than a round and one vector changes its order.</summary>
    private const int Round = 8;

    /// <summary>The product of two dense vectors, as <c>TensorPrimitives.Dot</c> sums it in lanes of eight.</summary>
    public static float Dense(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        if (x.Length < Lanes)
            return Short(x, y);

        var sum = Vector256<float>.Zero;
        var at = 0;
        if (x.Length > Round * Lanes)
        {
            // The first vector is held back until the full rounds behind it are done.
            for (at = Lanes; x.Length - at >= Round * Lanes;)
            {
                for (var end = at + Round * Lanes; at < end; at += Lanes)
                    sum += Load(x, at) * Load(y, at);
            }

            sum += Load(x, 0) * Load(y, 0);
        }

        for (; x.Length - at >= Lanes; at += Lanes)
            sum += Load(x, at) * Load(y, at);

        // What is left over goes to the upper lanes, where a vector that ends with the data has it.
        if (at < x.Length)
        {
            var last = Load(x, x.Length - Lanes) * Load(y, x.Length - Lanes);
            var isLeft = Vector256.GreaterThanOrEqual(Vector256<int>.Indices, Vector256.Create(Lanes - (x.Length - at))).AsSingle();
            sum += Vector256.ConditionalSelect(isLeft, last, Vector256<float>.Zero);
        }

        return Sum(sum.GetLower()) + Sum(sum.GetUpper());
    }

    /// <summary>The product over some slots only, as ML.NET sums a sparse vector: one by one, or in lanes when there are many.</summary>
    public static float Sparse(ReadOnlySpan<float> weights, ReadOnlySpan<float> values, ReadOnlySpan<int> slots)
    {
        float sum = 0;
        if (slots.Length < LeastInLanes)
        {
            foreach (var slot in slots)
                sum += weights[slot] * values[slot];
            return sum;
        }

        var lanes = Vector256<float>.Zero;
        for (; slots.Length >= Lanes; slots = slots[Lanes..])
            lanes = Vector256.FusedMultiplyAdd(Gather(values, slots), Gather(weights, slots), lanes);
        if (slots.Length >= 4)
        {
            sum = weights[slots[0]] * values[slots[0]] + weights[slots[1]] * values[slots[1]]
                + (weights[slots[2]] * values[slots[2]] + weights[slots[3]] * values[slots[3]]);
            slots = slots[4..];
        }

        foreach (var slot in slots)
            sum += weights[slot] * values[slot];
        return sum + (Sum(lanes.GetLower()) + Sum(lanes.GetUpper()));
    }

    /// <summary>Fewer values than lanes: four at once with the rest in the upper lanes, or one by one from the last.</summary>
    private static float Short(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        if (x.Length >= 4)
        {
            var first = Vector128.Create(x[..4]) * Vector128.Create(y[..4]);
            if (x.Length == 4)
                return Sum(first);
            var last = Vector128.Create(x[^4..]) * Vector128.Create(y[^4..]);
            var isLeft = Vector128.GreaterThanOrEqual(Vector128<int>.Indices, Vector128.Create(8 - x.Length)).AsSingle();
            return Sum(first + Vector128.ConditionalSelect(isLeft, last, Vector128<float>.Zero));
        }

        float sum = 0;
        for (var i = x.Length - 1; i >= 0; i--)
            sum += x[i] * y[i];
        return sum;
    }

    private static Vector256<float> Load(ReadOnlySpan<float> values, int at) => MemoryMarshal.Read<Vector256<float>>(MemoryMarshal.AsBytes(values[at..]));

    private static Vector256<float> Gather(ReadOnlySpan<float> values, ReadOnlySpan<int> slots) => Vector256.Create(
        values[slots[0]], values[slots[1]], values[slots[2]], values[slots[3]],
        values[slots[4]], values[slots[5]], values[slots[6]], values[slots[7]]);

    /// <summary>Neighbours first, as horizontal additions do.</summary>
    private static float Sum(Vector128<float> lanes) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
}
