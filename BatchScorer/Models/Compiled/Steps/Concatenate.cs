using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Copies columns into one vector. ML.NET keeps it sparse while at most half of its slots are stored.</summary>
internal sealed class Concatenate<T>(string name, ColumnType type, Kernel[] sources) : Kernel(name, type, sources)
    where T : unmanaged
{
    public override bool MayBeSparse { get; } = sources.Any(source => source.MayBeSparse);

    public override void Run(Block block)
    {
        var target = block.Write<T>(this);
        var width = Type.Width;
        var offset = 0;
        foreach (var source in Sources)
        {
            var values = block.Read<T>(source);
            var length = source.Type.Width;
            if (length == 1)
            {
                for (int row = 0, at = offset; row < values.Length; row++, at += width)
                    target[at] = values[row];
            }
            else
            {
                for (int row = 0, at = offset; row < block.Rows; row++, at += width)
                    values.Slice(row * length, length).CopyTo(target[at..]);
            }

            offset += length;
        }

        if (block.Stored(this) is { } stored)
            Store(block, stored);
    }

    private void Store(Block block, StoredSlots stored)
    {
        for (var row = 0; row < block.Rows; row++)
        {
            stored.Clear(row);
            var offset = 0;
            foreach (var source in Sources)
            {
                if (block.Stored(source) is { } slots)
                    stored.AddAll(row, offset, slots.Row(row));
                else
                    stored.AddRange(row, offset, source.Type.Width);
                offset += source.Type.Width;
            }

            if (stored.Count(row) > Type.Width / 2)
                stored.Fill(row);
        }
    }
}
