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
            NgramWalk.Count(new NgramTree.Index(tree), shape, block.Row<uint>(Sources[0], row), Sources[0].KeyCount, counter);
            counter.MoveTo(rows);
            Weigh(rows.Slots.Row(row), rows.Values(row));
        }
    }

    private void Weigh(ReadOnlySpan<int> slots, Span<float> values)
    {
        for (var i = 0; weighting == NgramWeighting.Weight && i < slots.Length; i++)
            values[i] = values[i] >= 1 ? (float)weights[slots[i]] : 0;
        for (var i = 0; weighting == NgramWeighting.CountTimesWeight && i < slots.Length; i++)
            values[i] = (float)(values[i] * weights[slots[i]]);
    }
}
