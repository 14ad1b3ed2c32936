using System.Numerics;
using System.Runtime.CompilerServices;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Normalizers;

/// <summary>The share of a normal distribution below a value, or below its logarithm (<c>CdfNormalizeFunction</c>).</summary>
/// <param name="means">The distribution's mean, slot by slot.</param>
/// <param name="deviations">Its standard deviation; where it is 0 so is the result.</param>
/// <param name="isOfLogarithm">Whether the logarithm is what is distributed.</param>
internal readonly struct Distribution<T>(T[] means, T[] deviations, bool isOfLogarithm) : ISlotFunction<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>ML.NET's constant in an approximation of the error function by elementary functions.</summary>
    private static readonly T Approximation = T.CreateTruncating(0.147);

    private static readonly T Two = T.CreateTruncating(2);

    public T Apply(T value, int slot)
    {
        if (isOfLogarithm)
            value = T.CreateTruncating(Math.Log(double.CreateTruncating(value)));
        if (deviations[slot] <= T.Epsilon || !T.IsFinite(value))
            return T.Zero;
        var x = (value - means[slot]) / deviations[slot];
        var square = x * x / Two;
        var scaled = Approximation * square;
        var exponent = -double.CreateTruncating(square) * (4 / Math.PI + double.CreateTruncating(scaled)) / double.CreateTruncating(T.One + scaled);
        return T.CreateTruncating(0.5 + 0.5 * T.Sign(x) * Math.Sqrt(1 - Math.Exp(exponent)));
    }
}

/// <summary>Reads the distributions of a column.</summary>
internal static class DistributionFunction
{
    public static Kernel Compile(ModelKey function, string name, Kernel source) => source.Type.Kind == ValueKind.Single
        ? Compile<float>(function, name, source)
        : Compile<double>(function, name, source);

    private static ApplyToSlots<T, Distribution<T>> Compile<T>(ModelKey function, string name, Kernel source)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var block = function.Open();
        if (block.Int32() != Unsafe.SizeOf<T>())
            throw function.Fault($"it is not for \"{source.Name}\", which is {source.Type}");
        var isOfLogarithm = block.Boolean();
        if (block.Int32() is var count && count != source.Type.Width)
            throw function.Fault($"it is for {count} slots, and \"{source.Name}\" is {source.Type}");
        var (means, deviations) = (block.Values<T>(count), block.Values<T>(count));
        block.End();
        if (!means.All(T.IsFinite) || !deviations.All(T.IsFinite))
            throw function.Fault("a mean or a standard deviation is not finite");
        return new ApplyToSlots<T, Distribution<T>>(name, source, new Distribution<T>(means, deviations, isOfLogarithm), isStoredOnly: true);
    }
}
