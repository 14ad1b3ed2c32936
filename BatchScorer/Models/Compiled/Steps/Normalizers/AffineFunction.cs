using System.Numerics;
using System.Runtime.CompilerServices;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Normalizers;

/// <summary>Shift and scale (<c>AffineNormExec</c>): what min-max, mean-variance and robust normalization come to.</summary>
internal static class AffineFunction
{
    private const int EverySlot = -1;

    public static Kernel Compile(ModelKey function, string name, Kernel source) => source.Type.Kind == ValueKind.Single
        ? Compile<float>(function, name, source)
        : Compile<double>(function, name, source);

    private static ShiftAndScale<T> Compile<T>(ModelKey function, string name, Kernel source)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var block = function.Open();
        if (block.Int32() != Unsafe.SizeOf<T>() || block.Int32() != source.Type.Width)
            throw function.Fault($"it is not for \"{source.Name}\", which is {source.Type}");
        var slotCount = block.Int32();
        var slots = slotCount == EverySlot ? [.. Enumerable.Range(0, source.Type.Width)] : block.Values<int>(slotCount);
        var scales = block.Array<T>();
        var offsets = block.Array<T>();
        block.End();
        if (scales.Length != slots.Length || (offsets.Length != 0 && offsets.Length != slots.Length))
            throw function.Fault($"it has {scales.Length} scales and {offsets.Length} offsets for {slots.Length} slots");
        if (scales.Any(T.IsNaN) || offsets.Any(T.IsNaN))
            throw function.Fault("a scale or an offset is NaN");

        // Slots that are not listed keep their values; what is scaled to 0 is not shifted.
        var (scale, offset) = (new T[source.Type.Width], new T[source.Type.Width]);
        Array.Fill(scale, T.One);
        for (var i = 0; i < slots.Length; i++)
        {
            if ((uint)slots[i] >= (uint)scale.Length)
                throw function.Fault($"it scales slot {slots[i]} of {scale.Length}");
            scale[slots[i]] = scales[i];
            offset[slots[i]] = offsets.Length == 0 || scales[i] == T.Zero ? T.Zero : offsets[i];
        }

        return new ShiftAndScale<T>(name, source, scale, offset);
    }
}
