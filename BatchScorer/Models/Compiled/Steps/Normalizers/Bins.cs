using System.Numerics;
using System.Runtime.CompilerServices;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Normalizers;

/// <summary>The number of a value's bin, as a share of the last one's (<c>BinNormalizeFunction</c>). NaN stays NaN.</summary>
/// <param name="upperBounds">The bins' upper bounds, slot by slot, ascending, the last one infinite.</param>
/// <param name="offsets">What is subtracted: 0, or what makes 0 stay 0.</param>
internal readonly struct Bins<T>(T[][] upperBounds, T[] offsets) : ISlotFunction<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public T Apply(T value, int slot) => T.IsNaN(value) ? value : Share(upperBounds[slot], value) - offsets[slot];

    public static T Share(T[] upperBounds, T value)
    {
        var (low, high) = (0, upperBounds.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (upperBounds[middle] >= value)
                high = middle;
            else
                low = middle + 1;
        }

        return T.CreateTruncating(low) / T.CreateTruncating(Math.Max(1, upperBounds.Length - 1));
    }
}

/// <summary>Reads the bins of a column.</summary>
internal static class BinFunction
{
    /// <summary>The signature of the component that holds the bounds.</summary>
    public const string BoundsSignature = "BinNormExec";

    private const uint BoundsVersion = 0x00010001;

    public static Kernel Compile(ModelKey function, string name, Kernel source) => source.Type.Kind == ValueKind.Single
        ? Compile<float>(function, name, source)
        : Compile<double>(function, name, source);

    private static ApplyToSlots<T, Bins<T>> Compile<T>(ModelKey function, string name, Kernel source)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var block = function.Open();
        var keepsZero = block.Boolean();
        block.End();
        var upperBounds = UpperBounds<T>(function.Below("BinNormalizer"), source);
        var offsets = new T[upperBounds.Length];
        for (var slot = 0; keepsZero && slot < offsets.Length; slot++)
            offsets[slot] = Bins<T>.Share(upperBounds[slot], T.Zero);
        return new ApplyToSlots<T, Bins<T>>(name, source, new Bins<T>(upperBounds, offsets), isStoredOnly: !keepsZero);
    }

    private static T[][] UpperBounds<T>(ModelKey bins, Kernel source)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bins.Expect(BoundsVersion);
        var block = bins.Open();
        if (block.Int32() != Unsafe.SizeOf<T>())
            throw bins.Fault($"it is not for \"{source.Name}\", which is {source.Type}");
        var upperBounds = new T[block.Count(sizeof(int))][];
        if (upperBounds.Length != source.Type.Width)
            throw bins.Fault($"it is for {upperBounds.Length} slots, and \"{source.Name}\" is {source.Type}");
        for (var slot = 0; slot < upperBounds.Length; slot++)
        {
            var bounds = upperBounds[slot] = block.Array<T>();
            if (bounds.Length == 0 || bounds[^1] != T.PositiveInfinity || bounds.Zip(bounds.Skip(1), (low, high) => low < high).Contains(false))
                throw bins.Fault($"the bounds of slot {slot} do not ascend to infinity");
        }

        block.End();
        return upperBounds;
    }
}
