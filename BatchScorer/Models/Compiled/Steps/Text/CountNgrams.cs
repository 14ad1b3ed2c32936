using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>What a count of runs becomes, by ML.NET's numbers for it.</summary>
internal enum NgramWeighting
{
    /// <summary>The count.</summary>
    Count,

    /// <summary>The run's weight, where it occurs at all.</summary>
    Weight,

    /// <summary>The count times the run's weight.</summary>
    CountTimesWeight,
}

/// <summary>How long runs are.</summary>
/// <param name="Length">Keys in a run, at most.</param>
/// <param name="Skips">Keys that may be left out between them, in all.</param>
internal readonly record struct NgramShape(int Length, int Skips);

/// <summary>Counts, and weighs, the runs of keys that the model knows.</summary>
internal sealed class CountNgrams(
    string name, Kernel source, NgramTree tree, int count, NgramShape shape, NgramWeighting weighting, double[] weights)
    : Kernel(name, new ColumnType(ValueKind.Single, count), source)
{
    public override bool MayBeSparse => true;

    public override bool IsSparse => true;

    public override object CreateScratch(int rows) => new SlotCounter(count);

    public override void Run(Block block)
    {
        var rows = block.WriteSparse(this);
        var counter = block.Scratch<SlotCounter>(this);
        for (var row = 0; row < block.Rows; row++)
        {
            var keys = block.Row<uint>(Sources[0], row);
            for (var i = 0; i < keys.Length; i++)
            {
                var node = tree.Child(NgramTree.Root, Known(keys[i]));
                if (node == NgramTree.None)
                    continue;
                Count(counter, node);
                var window = keys.Slice(i, Math.Min(keys.Length - i, shape.Length + shape.Skips));
                if (shape.Skips == 0)
                    Follow(counter, node, window);
                else if (shape.Length > 1)
                    FollowWithSkips(counter, node, window, length: 1, skipped: 0);
            }

            counter.MoveTo(rows);
            Weigh(rows.Slots.Row(row), rows.Values(row));
        }
    }

    private void Follow(SlotCounter counter, int node, ReadOnlySpan<uint> window)
    {
        foreach (var key in window[1..])
        {
            node = tree.Child(node, Known(key));
            if (node == NgramTree.None)
                return;
            Count(counter, node);
        }
    }

    private void FollowWithSkips(SlotCounter counter, int node, ReadOnlySpan<uint> window, int length, int skipped)
    {
        for (var skips = skipped; skips <= shape.Skips && length + skips < window.Length; skips++)
        {
            var next = tree.Child(node, Known(window[length + skips]));
            if (next == NgramTree.None)
                continue;
            Count(counter, next);
            if (length + 1 < shape.Length)
                FollowWithSkips(counter, next, window, length + 1, skips);
        }
    }

    private void Count(SlotCounter counter, int node)
    {
        if (tree.Slot(node) is not NgramTree.None and var slot)
            counter.Add(slot);
    }

    /// <summary>A key beyond the known range counts as missing.</summary>
    private uint Known(uint key) => Sources[0].KeyCount is 0 || key <= Sources[0].KeyCount ? key : 0;

    private void Weigh(ReadOnlySpan<int> slots, Span<float> values)
    {
        for (var i = 0; weighting == NgramWeighting.Weight && i < slots.Length; i++)
            values[i] = values[i] >= 1 ? (float)weights[slots[i]] : 0;
        for (var i = 0; weighting == NgramWeighting.CountTimesWeight && i < slots.Length; i++)
            values[i] = (float)(values[i] * weights[slots[i]]);
    }
}
