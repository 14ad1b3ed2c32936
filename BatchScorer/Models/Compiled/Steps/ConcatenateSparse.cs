using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Puts columns of Single, of which some are sparse, side by side in one that is sparse.</summary>
internal sealed class ConcatenateSparse(string name, int width, Kernel[] sources)
    : Kernel(name, new ColumnType(ValueKind.Single, width), sources)
{
    public override bool MayBeSparse => true;

    public override bool IsSparse => true;

    public override bool ReadsSparse => true;

    public override void Run(Block block)
    {
        var rows = block.WriteSparse(this);
        for (var row = 0; row < block.Rows; row++)
        {
            rows.BeginRow();
            var offset = 0;
            foreach (var source in Sources)
            {
                Add(block, source, row, offset, rows);
                offset += source.Type.Width;
            }

            if (rows.Count > width / 2)
                rows.Fill();
        }
    }

    private static void Add(Block block, Kernel source, int row, int offset, SparseRows rows)
    {
        if (source.IsSparse)
        {
            var sparse = block.Sparse(source);
            rows.AddAll(offset, sparse.Slots.Row(row), sparse.Values(row));
            return;
        }

        var values = block.Row<float>(source, row);
        if (block.Stored(source) is { } stored)
        {
            foreach (var slot in stored.Row(row))
                rows.Add(offset + slot, values[slot]);
            return;
        }

        for (var slot = 0; slot < values.Length; slot++)
        {
            if (!source.MayBeSparse || values[slot] != 0)
                rows.Add(offset + slot, values[slot]);
        }
    }
}
