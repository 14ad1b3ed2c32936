using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BatchScorer.Models.Compiled.Steps.Normalizers;

/// <summary>Lengths of vectors, by ML.NET's numbers for them.</summary>
internal enum Norm : byte
{
    /// <summary>The root of the sum of squares.</summary>
    Euclidean = 0,

    /// <summary>The deviation from the mean.</summary>
    StandardDeviation = 1,

    /// <summary>The sum of magnitudes.</summary>
    Sum = 2,

    /// <summary>The largest magnitude.</summary>
    Largest = 3,
}

/// <summary>Norms of floats, in the order in which ML.NET sums them on a processor with AVX2 and FMA.</summary>
internal static class Norms
{
    private const int Lanes = 8;

    /// <summary>Values from which on ML.NET sums in lanes.</summary>
    private const int LeastInLanes = 16;

    public static float Of(Norm norm, ReadOnlySpan<float> values) => norm switch
    {
        Norm.Euclidean => MathF.Sqrt(SumOfSquares(values)),
        Norm.Sum => SumOfMagnitudes(values),
        _ => LargestMagnitude(values),
    };

    private static float SumOfSquares(ReadOnlySpan<float> values)
    {
        float sum = 0;
        if (values.Length < LeastInLanes)
        {
            foreach (var value in values)
                sum += value * value;
            return sum;
        }

        var lanes = Vector256<float>.Zero;
        for (; values.Length >= Lanes; values = values[Lanes..])
            lanes = Vector256.FusedMultiplyAdd(Load(values), Load(values), lanes);
        if (values.Length >= 4)
        {
            var four = Vector128.Create(values);
            sum = Sum(four * four);
            values = values[4..];
        }

        foreach (var value in values)
            sum += value * value;
        return sum + (Sum(lanes.GetLower()) + Sum(lanes.GetUpper()));
    }

    private static float SumOfMagnitudes(ReadOnlySpan<float> values)
    {
        float sum = 0;
        if (values.Length < LeastInLanes)
        {
            foreach (var value in values)
                sum += Math.Abs(value);
            return sum;
        }

        var lanes = Vector256<float>.Zero;
        for (; values.Length >= Lanes; values = values[Lanes..])
            lanes += Vector256.Abs(Load(values));
        if (values.Length >= 4)
        {
            sum = Sum(Vector128.Abs(Vector128.Create(values)));
            values = values[4..];
        }

        foreach (var value in values)
            sum += Math.Abs(value);
        return sum + (Sum(lanes.GetLower()) + Sum(lanes.GetUpper()));
    }

    /// <summary>The largest magnitude; NaN is passed over.</summary>
    private static float LargestMagnitude(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (var value in values)
        {
            if (Math.Abs(value) > largest)
                largest = Math.Abs(value);
        }

        return largest;
    }

    private static Vector256<float> Load(ReadOnlySpan<float> values) => MemoryMarshal.Read<Vector256<float>>(MemoryMarshal.AsBytes(values));

    /// <summary>Neighbours first, as horizontal additions do.</summary>
    private static float Sum(Vector128<float> lanes) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
}
