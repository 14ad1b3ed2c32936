using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Predictors.Linear;

namespace BatchScorer.Models.Compiled.Steps.Normalizers;

/// <summary>Scales each row so that its norm is the same. Rows of a tiny scale, such as very long ones, stay as they are.</summary>
internal sealed class ScaleToNorm(string name, Kernel source, Norm norm, float scale, bool subtractsMean) : Kernel(name, source.Type, source)
{
    private const float LeastScale = 1e-8f;

    public override bool MayBeSparse => Sources[0].MayBeSparse;

    public override bool IsSparse => Sources[0].IsSparse;

    public override bool ReadsSparse => true;

    public override bool NeedsStoredSlots => true;

    public override object CreateScratch(int rows) => new Room(new float[Type.Width], [.. Enumerable.Repeat(1f, Type.Width)]);

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
        var room = block.Scratch<Room>(this);
        for (var row = 0; row < block.Rows; row++)
        {
            rows.BeginRow();
            var values = source.Values(row);
            rows.AddAll(0, source.Slots.Row(row), values);
            var (factor, mean) = Measure(values, room.Ones);
            if (mean != 0)
                rows.Fill();
            Apply(rows.Values(row), factor, mean);
        }
    }

    private void RunDense(Block block)
    {
        var target = block.Write<float>(this);
        var stored = block.Stored(Sources[0]);
        var tracked = block.Stored(this);
        var room = block.Scratch<Room>(this);
        for (var row = 0; row < block.Rows; row++)
        {
            var values = block.Row<float>(Sources[0], row);
            var scaled = target.Slice(row * Type.Width, Type.Width);
            values.CopyTo(scaled);
            var (factor, mean) = Measure(stored is null || stored.IsDense(row) ? values : room.Gather(values, stored.Row(row)), room.Ones);
            Apply(scaled, factor, mean);
            if (tracked is null || stored is null)
                continue;
            tracked.Clear(row);
            if (mean == 0)
                tracked.AddAll(row, 0, stored.Row(row));
            else
                tracked.Fill(row);
        }
    }

    /// <summary>What a row is multiplied by, and what is subtracted first, by the values that ML.NET stores of it.</summary>
    private (float Factor, float Mean) Measure(ReadOnlySpan<float> values, float[] ones)
    {
        if (values.IsEmpty)
            return (1, 0);
        var hasMean = subtractsMean || norm == Norm.StandardDeviation;
        var mean = hasMean ? DotProduct.Dense(values, ones.AsSpan(0, values.Length)) / Type.Width : 0;
        var factor = scale;
        if (Norms.Of(norm, values, Type.Width, mean) is > 0 and var divisor)
            factor /= divisor;
        return (factor < LeastScale ? 1 : factor, subtractsMean ? mean : 0);
    }

    private static void Apply(Span<float> values, float factor, float mean)
    {
        foreach (ref var value in values)
            value = (value - mean) * factor;
    }

    /// <param name="Packed">Room for the stored values of a row.</param>
    /// <param name="Ones">A product with these is a sum in the order in which ML.NET adds up.</param>
    private sealed record Room(float[] Packed, float[] Ones)
    {
        public ReadOnlySpan<float> Gather(ReadOnlySpan<float> values, ReadOnlySpan<int> slots)
        {
            for (var i = 0; i < slots.Length; i++)
                Packed[i] = values[slots[i]];
            return Packed.AsSpan(0, slots.Length);
        }
    }
}
