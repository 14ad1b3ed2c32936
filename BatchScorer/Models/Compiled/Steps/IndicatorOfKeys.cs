using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>One-hot: 1 in the slot of each key and 0 elsewhere, the slots of a vector's keys one after another. Key 0 is all zeros.</summary>
internal sealed class IndicatorOfKeys(string name, Kernel source, int keyCount)
    : Kernel(name, new ColumnType(ValueKind.Single, keyCount * source.Type.Width), source)
{
    /// <summary>Slots from which on clearing them costs more than keeping those that are 1.</summary>
    private const int LeastSparse = 512;

    public override bool MayBeSparse => true;

    public override bool IsSparse => Type.Width >= LeastSparse;

    public override void Run(Block block)
    {
        if (IsSparse)
            WriteSparse(block);
        else
            WriteDense(block);
    }

    private void WriteSparse(Block block)
    {
        var keysInRow = Sources[0].Type.Width;
        var keys = block.Read<uint>(Sources[0]);
        var rows = block.WriteSparse(this);
        for (var row = 0; row < block.Rows; row++)
        {
            rows.BeginRow();
            for (var i = 0; i < keysInRow; i++)
            {
                if (keys[row * keysInRow + i] - 1 < (uint)keyCount)
                    rows.Add(i * keyCount + (int)keys[row * keysInRow + i] - 1, 1);
            }
        }
    }

    private void WriteDense(Block block)
    {
        var target = block.Write<float>(this);
        target.Clear();
        var keys = block.Read<uint>(Sources[0]);
        for (int i = 0, at = -1; i < keys.Length; i++, at += keyCount)
        {
            if (keys[i] - 1 < (uint)keyCount)
                target[at + (int)keys[i]] = 1;
        }

        if (block.Stored(this) is { } stored)
            Store(block.Rows, keys, stored);
    }

    private void Store(int rows, ReadOnlySpan<uint> keys, StoredSlots stored)
    {
        var keysInRow = Sources[0].Type.Width;
        for (var row = 0; row < rows; row++)
        {
            stored.Clear(row);
            for (var i = 0; i < keysInRow; i++)
            {
                var key = keys[row * keysInRow + i];
                if (key - 1 < (uint)keyCount)
                    stored.Add(row, i * keyCount + (int)key - 1);
            }
        }
    }
}
