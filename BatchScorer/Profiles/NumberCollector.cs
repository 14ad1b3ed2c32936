using System.Numerics;
using BatchScorer.Batches;

namespace BatchScorer.Profiles;

/// <summary>Profiles numbers, whatever their type, as doubles.</summary>
/// <param name="profile">What its values are added to.</param>
/// <param name="column">Where they are.</param>
/// <param name="slot">The place in a row; 0 for a scalar.</param>
internal sealed class NumberCollector<T>(NumberProfileBuilder profile, Column<T> column, int slot) : IColumnCollector
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The greatest number whose square is finite.</summary>
    private static readonly double MostToSquare = Math.Sqrt(double.MaxValue);

    private readonly double[] values = new double[SumByExponent.MostAtOnce];
    private readonly double[] rests = new double[SumByExponent.MostAtOnce]; // what a square loses by rounding is a double again
    private readonly HistogramCounter histogram = new(profile.Histogram, Histogram.AllBits);
    private readonly SumByExponent sum = new();
    private readonly SumByExponent squares = new();

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<bool> skipped)
    {
        for (var from = 0; from < skipped.Length; from += values.Length)
            AddSome(skipped.Slice(from, Math.Min(values.Length, skipped.Length - from)), column.Values.AsSpan(from * column.Type.Width + slot));
    }

    /// <inheritdoc/>
    public void Flush()
    {
        profile.Sum += sum.Take();
        profile.Squares += squares.Take();
        histogram.Flush();
    }

    private void AddSome(ReadOnlySpan<bool> skipped, ReadOnlySpan<T> from)
    {
        var width = column.Type.Width;
        var (count, missing) = (0, 0);
        for (var row = 0; row < skipped.Length; row++)
        {
            var value = double.CreateTruncating(from[row * width]);
            if (skipped[row])
                continue;
            if (double.IsNaN(value))
                missing++;
            else
                values[count++] = value;
        }

        var (least, greatest, finite) = (double.PositiveInfinity, double.NegativeInfinity, 0);
        foreach (var value in values.AsSpan(0, count))
        {
            histogram.Add(value);
            if (value < least)
                least = value;
            if (value > greatest)
                greatest = value;
            if (Math.Abs(value) <= MostToSquare)
                values[finite++] = value;
        }

        profile.Rows += count + missing;
        profile.Missing += missing;
        profile.Infinite += count - finite;
        profile.AddBounds(least, greatest);
        sum.Add(values.AsSpan(0, finite));
        for (var i = 0; i < finite; i++)
        {
            var square = values[i] * values[i];
            rests[i] = Math.FusedMultiplyAdd(values[i], values[i], -square);
            values[i] = square;
        }

        squares.Add(values.AsSpan(0, finite));
        squares.Add(rests.AsSpan(0, finite));
    }
}
