using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Some slots of a vector, in their order. When none is left, ML.NET keeps one that is always 0.</summary>
internal sealed class SelectSlots<T> : Kernel
    where T : unmanaged
{
    private const int Dropped = -1;

    private readonly int[] kept;
    private readonly int[] places;

    public SelectSlots(string name, ColumnType type, Kernel source, int[] kept)
        : base(name, type, source)
    {
        this.kept = kept;
        places = new int[source.Type.Width];
        Array.Fill(places, Dropped);
        for (var i = 0; i < kept.Length; i++)
            places[kept[i]] = i;
    }

    public override ulong KeyCount => Sources[0].KeyCount;

    public override KeyValues? KeyValues => Sources[0].KeyValues;

    public override bool MayBeSparse => Sources[0].MayBeSparse;

    public override bool IsSparse => Sources[0].IsSparse;

    public override bool ReadsSparse => true;

    public override void Run(Block block)
    {
        if (IsSparse)
            RunSparse(block);
        else
            RunDense(block);
    }

    private void RunSparse(Block block)
    {
        var source = block.Sparse(Sources[0]);
        var rows = block.WriteSparse(this);
        for (var row = 0; row < block.Rows; row++)
        {
            rows.BeginRow();
            var slots = source.Slots.Row(row);
            var values = source.Values(row);
            for (var i = 0; i < slots.Length; i++)
            {
                if (places[slots[i]] is not Dropped and var place)
                    rows.Add(place, values[i]);
            }
        }
    }

    private void RunDense(Block block)
    {
        var target = block.Write<T>(this);
        var values = block.Read<T>(Sources[0]);
        if (kept.Length == 0)
            target.Clear();
        for (int row = 0, at = 0; row < block.Rows; row++)
        {
            foreach (var slot in kept)
                target[at++] = values[row * places.Length + slot];
        }

        if (block.Stored(this) is not { } stored || block.Stored(Sources[0]) is not { } source)
            return;
        for (var row = 0; row < block.Rows; row++)
        {
            stored.Clear(row);
            foreach (var slot in source.Row(row))
            {
                if (places[slot] is not Dropped and var place)
                    stored.Add(row, place);
            }
        }
    }
}
