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

    /// <summary>The sum of squares, in the same order; 0 for no values.</summary>
    public static float SumOfSquares(ReadOnlySpan<float> values) => Dense(values, values);

    /// <summary>The product over some slots only, as ML.NET sums a sparse vector: one by one, or in lanes when there are many.</summary>
    /// <param name="weights">A weight for each slot.</param>
    /// <param name="values">A value for each slot.</param>
    /// <param name="slots">The slots that count, ascending.</param>
    public static float Sparse(ReadOnlySpan<float> weights, ReadOnlySpan<float> values, ReadOnlySpan<int> slots) =>
        Sparse(weights, new BySlot(values), slots);

    /// <summary>The same for values that are kept for these slots alone.</summary>
    /// <param name="weights">A weight for each slot.</param>
    /// <param name="values">The value of each of <paramref name="slots"/>.</param>
    /// <param name="slots">The slots that count, ascending.</param>
    public static float Packed(ReadOnlySpan<float> weights, ReadOnlySpan<float> values, ReadOnlySpan<int> slots) =>
        Sparse(weights, new InOrder(values), slots);

    private static float Sparse<TValues>(ReadOnlySpan<float> weights, TValues values, ReadOnlySpan<int> slots)
        where TValues : struct, IValues, allows ref struct
    {
        float sum = 0;
        var at = 0;
        if (slots.Length < LeastInLanes)
        {
            for (; at < slots.Length; at++)
                sum += weights[slots[at]] * values.Value(at, slots);
            return sum;
        }

        var lanes = Vector256<float>.Zero;
        for (; slots.Length - at >= Lanes; at += Lanes)
            lanes = Vector256.FusedMultiplyAdd(values.Load(at, slots), Gather(weights, slots[at..]), lanes);
        if (slots.Length - at >= 4)
        {
            sum = weights[slots[at]] * values.Value(at, slots) + weights[slots[at + 1]] * values.Value(at + 1, slots)
                + (weights[slots[at + 2]] * values.Value(at + 2, slots) + weights[slots[at + 3]] * values.Value(at + 3, slots));
            at += 4;
        }

        for (; at < slots.Length; at++)
            sum += weights[slots[at]] * values.Value(at, slots);
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

    /// <summary>Where the values of slots are found.</summary>
    private interface IValues
    {
        float Value(int at, ReadOnlySpan<int> slots);

        Vector256<float> Load(int at, ReadOnlySpan<int> slots);
    }

    private readonly ref struct BySlot(ReadOnlySpan<float> values) : IValues
    {
        private readonly ReadOnlySpan<float> values = values;

        public float Value(int at, ReadOnlySpan<int> slots) => values[slots[at]];

        public Vector256<float> Load(int at, ReadOnlySpan<int> slots) => Gather(values, slots[at..]);
    }

    private readonly ref struct InOrder(ReadOnlySpan<float> values) : IValues
    {
        private readonly ReadOnlySpan<float> values = values;

        public float Value(int at, ReadOnlySpan<int> slots) => values[at];

        public Vector256<float> Load(int at, ReadOnlySpan<int> slots) => DotProduct.Load(values, at);
    }
}
