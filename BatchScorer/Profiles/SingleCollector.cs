using System.Numerics;
using System.Runtime.InteropServices;
using BatchScorer.Batches;

namespace BatchScorer.Profiles;

/// <summary>Profiles Singles, what nearly all columns of models are: as <see cref="NumberCollector{T}"/>, but without a branch that values decide.</summary>
/// <inheritdoc cref="NumberCollector{T}"/>
internal sealed class SingleCollector(NumberProfileBuilder profile, Column<float> column, int slot) : IColumnCollector
{
    private readonly float[] chosen = new float[SumByExponent.MostAtOnce];
    private readonly HistogramCounter few = new(profile.Histogram, mostBits: 23);
    private readonly SingleHistogramCounter many = new(profile.Histogram);
    private readonly SingleMoments moments = new();

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<bool> skipped)
    {
        for (var from = 0; from < skipped.Length; from += chosen.Length)
            AddSome(Choose(skipped.Slice(from, Math.Min(chosen.Length, skipped.Length - from)), from));
    }

    /// <inheritdoc/>
    public void Flush()
    {
        var (sum, squares) = moments.Take();
        profile.Sum += sum;
        profile.Squares += squares;
        few.Flush();
        many.Flush();
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
        var (least, greatest, missing) = Bounds(values);
        profile.Rows += values.Length;
        profile.Missing += missing;
        profile.AddBounds(least, greatest);
        if (least == float.NegativeInfinity || greatest == float.PositiveInfinity)
            profile.Infinite += values.Count(float.PositiveInfinity) + values.Count(float.NegativeInfinity);
        // Few different values have a bin each, which have to be found; many have so few bins that each has a place of its own.
        if (profile.Histogram.Bits <= SingleHistogramCounter.Bits)
        {
            moments.Add(values, many);
            return;
        }

        moments.Add(values);
        foreach (var value in values)
        {
            if (!float.IsNaN(value))
                few.Add(MathF.Abs(value) < SingleHistogramCounter.LeastNormal ? 0 : value);
        }
    }

    /// <summary>The least and the greatest value, infinite ones among them, and how many are NaN, which compares with nothing.</summary>
    private static (float Least, float Greatest, int Missing) Bounds(ReadOnlySpan<float> values)
    {
        var (least, greatest, numbers) = (new Vector<float>(float.PositiveInfinity), new Vector<float>(float.NegativeInfinity), Vector<int>.Zero);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var vector in vectors)
        {
            least = Vector.ConditionalSelect(Vector.LessThan(vector, least), vector, least);
            greatest = Vector.ConditionalSelect(Vector.GreaterThan(vector, greatest), vector, greatest);
            numbers -= Vector.Equals(vector, vector);
        }

        var (min, max, count) = (float.PositiveInfinity, float.NegativeInfinity, Vector.Sum(numbers));
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

        return (min, max, values.Length - count);
    }
}
