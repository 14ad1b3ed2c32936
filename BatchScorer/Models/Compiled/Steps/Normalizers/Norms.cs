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

    /// <summary>The norm of values less their mean.</summary>
    /// <param name="norm">Which one.</param>
    /// <param name="values">The values that are stored.</param>
    /// <param name="length">How many there are with those that are not stored, which are 0.</param>
    /// <param name="mean">What is subtracted.</param>
    public static float Of(Norm norm, ReadOnlySpan<float> values, int length, float mean) => norm switch
    {
        Norm.Euclidean => MathF.Sqrt(SumOfSquares(values, mean)),
        Norm.StandardDeviation => MathF.Sqrt((SquaresOfRest(length - values.Length, mean) + SumOfSquares(values, mean)) / length),
        Norm.Sum => SumOfMagnitudes(values, mean),
        _ => LargestMagnitude(values, mean),
    };

    /// <summary>What so many zeros add; nothing when there are none, however large the mean is.</summary>
    private static float SquaresOfRest(int count, float mean) => count == 0 ? 0 : count * (mean * mean);

    private static float SumOfSquares(ReadOnlySpan<float> values, float mean)
    {
        float sum = 0;
        if (values.Length >= LeastInLanes)
        {
            var lanes = Vector256<float>.Zero;
            for (; values.Length >= Lanes; values = values[Lanes..])
            {
                var eight = Load(values) - Vector256.Create(mean);
                lanes = Vector256.FusedMultiplyAdd(eight, eight, lanes);
            }

            if (values.Length >= 4)
            {
                var four = Vector128.Create(values) - Vector128.Create(mean);
                sum = Sum(four * four);
                values = values[4..];
            }

            return SumOfSquares(values, mean, sum) + (Sum(lanes.GetLower()) + Sum(lanes.GetUpper()));
        }

        return SumOfSquares(values, mean, sum);
    }

    private static float SumOfSquares(ReadOnlySpan<float> values, float mean, float sum)
    {
        foreach (var value in values)
            sum += (value - mean) * (value - mean);
        return sum;
    }

    private static float SumOfMagnitudes(ReadOnlySpan<float> values, float mean)
    {
        float sum = 0;
        if (values.Length >= LeastInLanes)
        {
            var lanes = Vector256<float>.Zero;
            for (; values.Length >= Lanes; values = values[Lanes..])
                lanes += Vector256.Abs(Load(values) - Vector256.Create(mean));
            if (values.Length >= 4)
            {
                sum = Sum(Vector128.Abs(Vector128.Create(values) - Vector128.Create(mean)));
                values = values[4..];
            }

            return SumOfMagnitudes(values, mean, sum) + (Sum(lanes.GetLower()) + Sum(lanes.GetUpper()));
        }

        return SumOfMagnitudes(values, mean, sum);
    }

    private static float SumOfMagnitudes(ReadOnlySpan<float> values, float mean, float sum)
    {
        foreach (var value in values)
            sum += Math.Abs(value - mean);
        return sum;
    }

    /// <summary>The largest magnitude; NaN is passed over.</summary>
    private static float LargestMagnitude(ReadOnlySpan<float> values, float mean)
    {
        float largest = 0;
        foreach (var value in values)
        {
            if (Math.Abs(value - mean) > largest)
                largest = Math.Abs(value - mean);
        }

        return largest;
    }

    private static Vector256<float> Load(ReadOnlySpan<float> values) => MemoryMarshal.Read<Vector256<float>>(MemoryMarshal.AsBytes(values));

    /// <summary>Neighbours first, as horizontal additions do.</summary>
    private static float Sum(Vector128<float> lanes) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
}
