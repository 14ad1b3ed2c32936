using System.Numerics;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Normalizers;

/// <summary>(value − offset) · scale, slot by slot.</summary>
internal sealed class ShiftAndScale<T>(string name, Kernel source, T[] scales, T[] offsets) : Kernel(name, source.Type, source)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override bool MayBeSparse => Type.IsVector;

    public override void Run(Block block)
    {
        var target = block.Write<T>(this);
        var values = block.Read<T>(Sources[0]);
        for (var at = 0; at < target.Length; at += scales.Length)
        {
            for (var slot = 0; slot < scales.Length; slot++)
                target[at + slot] = (values[at + slot] - offsets[slot]) * scales[slot];
        }

        if (block.Stored(this) is { } stored)
            BuiltVector.Store<T>(target, Type.Width, stored);
    }
}
