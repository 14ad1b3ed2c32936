using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Linear;

/// <summary>The rows of a vector column with what ML.NET would have stored of each, for sums in its order.</summary>
/// <param name="block">The rows.</param>
/// <param name="features">A vector of Single.</param>
/// <param name="room">Room for one row.</param>
internal readonly ref struct FeatureRows(Block block, Kernel features, float[] room)
{
    private readonly ReadOnlySpan<float> values = block.Read<float>(features);
    private readonly StoredSlots? stored = block.Stored(features);
    private readonly int width = features.Type.Width;

    /// <summary>The values of a row.</summary>
    public ReadOnlySpan<float> Row(int row) => values.Slice(row * width, width);

    /// <summary>The product with a vector of which only some slots may be stored: ascending, or null for all.</summary>
    public float Dot(int row, ReadOnlySpan<float> other, int[]? otherStored)
    {
        if (stored is null || stored.IsDense(row))
            return otherStored is null ? DotProduct.Dense(other, Row(row)) : DotProduct.Sparse(other, Row(row), otherStored);
        return otherStored is null ? DotProduct.Sparse(other, Row(row), stored.Row(row)) : BothSparse(Row(row), stored.Row(row), other, otherStored);
    }

    /// <summary>The sum of the squares of a row.</summary>
    public float SumOfSquares(int row)
    {
        if (stored is null || stored.IsDense(row))
            return DotProduct.SumOfSquares(Row(row));
        var slots = stored.Row(row);
        for (var i = 0; i < slots.Length; i++)
            room[i] = Row(row)[slots[i]];
        return DotProduct.SumOfSquares(room.AsSpan(0, slots.Length));
    }

    private static float BothSparse(ReadOnlySpan<float> x, ReadOnlySpan<int> xStored, ReadOnlySpan<float> y, ReadOnlySpan<int> yStored)
    {
        float sum = 0;
        for (int i = 0, j = 0; i < xStored.Length && j < yStored.Length;)
        {
            var (slot, other) = (xStored[i], yStored[j]);
            if (slot == other)
                sum += x[slot] * y[slot];
            i += slot <= other ? 1 : 0;
            j += other <= slot ? 1 : 0;
        }

        return sum;
    }
}
