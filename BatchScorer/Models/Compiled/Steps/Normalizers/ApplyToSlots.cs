using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Normalizers;

/// <summary>A function of a value that may differ from slot to slot.</summary>
internal interface ISlotFunction<T>
{
    T Apply(T value, int slot);
}

/// <summary>Applies a function to each value.</summary>
/// <param name="name">The model's name of the column.</param>
/// <param name="source">The numbers.</param>
/// <param name="function">What becomes of each.</param>
/// <param name="isStoredOnly">Whether slots that ML.NET does not store stay 0, whatever the function would make of 0.</param>
internal sealed class ApplyToSlots<T, TFunction>(string name, Kernel source, TFunction function, bool isStoredOnly)
    : Kernel(name, source.Type, source)
    where T : unmanaged, IEquatable<T>
    where TFunction : struct, ISlotFunction<T>
{
    public override bool MayBeSparse => Type.IsVector;

    public override bool NeedsStoredSlots => isStoredOnly && Type.IsVector;

    public override void Run(Block block)
    {
        var target = block.Write<T>(this);
        var values = block.Read<T>(Sources[0]);
        var source = isStoredOnly ? block.Stored(Sources[0]) : null;
        var width = Type.Width;
        for (int row = 0, at = 0; row < block.Rows; row++, at += width)
        {
            if (source is null || source.IsDense(row))
            {
                for (var slot = 0; slot < width; slot++)
                    target[at + slot] = function.Apply(values[at + slot], slot);
            }
            else
            {
                target.Slice(at, width).Clear();
                foreach (var slot in source.Row(row))
                    target[at + slot] = function.Apply(values[at + slot], slot);
            }
        }

        if (block.Stored(this) is { } stored)
            BuiltVector.Store<T>(target, width, stored);
    }
}
