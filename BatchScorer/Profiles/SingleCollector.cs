using System.Numerics;
using System.Runtime.InteropServices;
using BatchScorer.Batches;

namespace BatchScorer.Profiles;

/// <summary>Profiles Singles, what nearly all columns of models are: as <see cref="NumberCollector{T}"/>, but without a branch that values decide.</summary>
/// <inheritdoc cref="NumberCollector{T}"/>
internal sealed class SingleCollector(ProfileSide side, string name, Column<float> column, int slot) : IColumnCollector
{
    private readonly float[] chosen = new float[SingleMoments.MostAtOnce];
    private readonly HistogramCounter few = new(mostBits: 23);
    private readonly SingleHistogramCounter many = new();
    private readonly SingleMoments moments = new();
    private long rows;
    private long missing;
    private long infinite;
    private float min = float.PositiveInfinity;
    private float max = float.NegativeInfinity;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<bool> skipped)
    {
        for (var from = 0; from < skipped.Length; from += chosen.Length)
            AddSome(Choose(skipped.Slice(from, Math.Min(chosen.Length, skipped.Length - from)), from));
    }

    /// <inheritdoc/>
    public ColumnProfile Take()
    {
        var (sum, squares) = moments.Take();
        var profile = new NumberProfile
        {
            Side = side,
            Name = name,
            Rows = rows,
            Missing = missing,
            Infinite = infinite,
            Sum = sum,
            Squares = squares,
            Min = min + 0.0, // -0 is 0
            Max = max + 0.0,
            Histogram = few.Take().Merge(many.Take()),
        };
        (rows, missing, infinite, min, max) = (0, 0, 0, float.PositiveInfinity, float.NegativeInfinity);
        return profile;
    }

    // Mostly all rows of a scalar, which are taken where they are.
    private ReadOnlySpan<float> Choose(ReadOnlySpan<bool> skipped, int from)
    {
        var width = column.Type.Width;
        if (width == 1 && !skipped.Contains(true))
            return column.Values.AsSpan(from, skipped.Length);
        var count = 0;
        for (var row = 0; row < skipped.Length; row++)
        {
            if (!skipped[row])
                chosen[count++] = column.Values[(from + row) * width + slot];
        }

        return chosen.AsSpan(0, count);
    }

    private void AddSome(ReadOnlySpan<float> values)
    {
        rows += values.Length;
        missing += AddToBounds(values);
        if (float.IsInfinity(min) || float.IsInfinity(max))
            infinite += values.Count(float.PositiveInfinity) + values.Count(float.NegativeInfinity);
        moments.Add(values);
        // Few different values have a bin each, which have to be found; many have so few bins that each has a place of its own.
        if (few.Bits <= SingleHistogramCounter.Bits)
        {
            many.Add(values);
            return;
        }

        foreach (var value in values)
        {
            if (!float.IsNaN(value))
                few.Add(MathF.Abs(value) < SingleHistogramCounter.LeastNormal ? 0 : value);
        }
    }

    /// <returns>How many are NaN, which compares with nothing.</returns>
    private int AddToBounds(ReadOnlySpan<float> values)
    {
        var (least, greatest, numbers) = (new Vector<float>(min), new Vector<float>(max), Vector<int>.Zero);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var vector in vectors)
        {
            least = Vector.ConditionalSelect(Vector.LessThan(vector, least), vector, least);
            greatest = Vector.ConditionalSelect(Vector.GreaterThan(vector, greatest), vector, greatest);
            numbers -= Vector.Equals(vector, vector);
        }

        var count = Vector.Sum(numbers);
        for (var i = 0; i < Vector<float>.Count; i++)
        {
            min = Math.Min(min, least[i]);
            max = Math.Max(max, greatest[i]);
        }

        foreach (var value in values[(vectors.Length * Vector<float>.Count)..])
        {
            if (float.IsNaN(value))
                continue;
            count++;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }

        return values.Length - count;
    }
}
