using System.Numerics;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Puts a slot's replacement where a value is NaN.</summary>
internal sealed class ReplaceMissing<T>(string name, Kernel source, T[] replacements) : Kernel(name, source.Type, source)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override bool MayBeSparse { get; } = source.MayBeSparse;

    public override void Run(Block block)
    {
        var target = block.Write<T>(this);
        var values = block.Read<T>(Sources[0]);
        if (replacements.Length == 1)
        {
            var replacement = replacements[0];
            for (var i = 0; i < target.Length; i++)
                target[i] = T.IsNaN(values[i]) ? replacement : values[i];
        }
        else
        {
            for (int i = 0, slot = 0; i < target.Length; i++, slot = slot + 1 == replacements.Length ? 0 : slot + 1)
                target[i] = T.IsNaN(values[i]) ? replacements[slot] : values[i];
        }

        if (block.Stored(this) is { } stored)
            Store(block, values, stored);
    }

    private void Store(Block block, ReadOnlySpan<T> values, StoredSlots stored)
    {
        var source = block.Stored(Sources[0])!;
        for (var row = 0; row < block.Rows; row++)
        {
            stored.Clear(row);
            foreach (var slot in source.Row(row))
            {
                // A sparse row drops a value that is replaced by zero.
                if (source.IsDense(row) || replacements[slot] != T.Zero || !T.IsNaN(values[row * Type.Width + slot]))
                    stored.Add(row, slot);
            }
        }
    }
}
