using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Normalizers;

/// <summary>Scales each row so that its norm is the same. Rows of a tiny scale, such as very long ones, stay as they are.</summary>
internal sealed class ScaleToNorm(string name, Kernel source, Norm norm, float scale) : Kernel(name, source.Type, source)
{
    private const float LeastScale = 1e-8f;

    public override bool MayBeSparse => Sources[0].MayBeSparse;

    public override bool IsSparse => Sources[0].IsSparse;

    public override bool ReadsSparse => true;

    public override bool NeedsStoredSlots => true;

    public override object CreateScratch(int rows) => new float[Type.Width];

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
            rows.AddAll(0, source.Slots.Row(row), source.Values(row));
            Multiply(rows.Values(row), rows.Values(row));
        }
    }

    private void RunDense(Block block)
    {
        var target = block.Write<float>(this);
        var stored = block.Stored(Sources[0]);
        var room = block.Scratch<float[]>(this);
        for (var row = 0; row < block.Rows; row++)
        {
            var values = block.Row<float>(Sources[0], row);
            values.CopyTo(target[(row * Type.Width)..]);
            var summed = values;
            if (stored is not null && !stored.IsDense(row))
            {
                var count = 0;
                foreach (var slot in stored.Row(row))
                    room[count++] = values[slot];
                summed = room.AsSpan(0, count);
            }

            Multiply(summed, target.Slice(row * Type.Width, Type.Width));
        }

        if (stored is not null)
            block.Stored(this)?.CopyFrom(stored, block.Rows);
    }

    /// <summary>Scales a row by the norm of the values that ML.NET stores of it.</summary>
    private void Multiply(ReadOnlySpan<float> summed, Span<float> target)
    {
        if (summed.IsEmpty)
            return;
        var factor = scale;
        if (Norms.Of(norm, summed) is > 0 and var divisor)
            factor /= divisor;
        if (factor < LeastScale)
            factor = 1;
        foreach (ref var value in target)
            value *= factor;
    }
}
