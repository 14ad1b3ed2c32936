namespace BatchScorer.Profiles;

/// <summary>
/// How many values fall in each bin, where a bin is all doubles that agree in sign, exponent and the first <see cref="Bits"/> bits of the
/// mantissa. Bits are as many as leave at most <see cref="MostBins"/> bins with a value in them, which the values alone decide, in whatever
/// order they come: so histograms merge exactly, and no bounds have to be known before the first value. Of a column with few different
/// values each has a bin of its own.
/// </summary>
/// <remarks>Bins that halve in number as they fill up are those of UDDSketch (Epicoco et al. 2020), on the bits of the number instead of its logarithm.</remarks>
/// <param name="bits">See <see cref="Bits"/>.</param>
/// <param name="bins">See <see cref="Bins"/>.</param>
internal sealed class Histogram(int bits, ArraySegment<(long Key, long Rows)> bins)
{
    /// <summary>The most bins with a value in them.</summary>
    public const int MostBins = 512;

    /// <summary>All bits of a double's mantissa: each bin is one number.</summary>
    public const int AllBits = 52;

    /// <summary>Bits of the mantissa that tell bins apart, from 0 to <see cref="AllBits"/>; below 0 exponents are put together too.</summary>
    public int Bits => bits;

    /// <summary>The bins that have rows, from the least values to the greatest, each by its place in the order of all bins with as many bits.</summary>
    public ArraySegment<(long Key, long Rows)> Bins => bins;

    /// <summary>The same values in bins of fewer bits.</summary>
    public Histogram With(int fewer)
    {
        if (fewer >= bits)
            return this;
        var builder = new HistogramBuilder();
        builder.Coarsen(fewer);
        foreach (var (key, rows) in bins)
            builder.Add(bits, key, rows);
        return builder.Build();
    }

    /// <summary>The key, at all bits, of the bin that a number is in: numbers are in the order of their keys.</summary>
    public static long KeyOf(double value)
    {
        var all = BitConverter.DoubleToInt64Bits(value + 0.0); // -0 is 0
        return all ^ ((all >> 63) & long.MaxValue);
    }

    /// <summary>The least and the greatest number in a bin.</summary>
    public (double Least, double Greatest) BoundsOf(long key)
    {
        var shift = AllBits - bits;
        return (NumberOf(key << shift), NumberOf((key << shift) | ((1L << shift) - 1)));
    }

    // The bin next to infinity has no end but that.
    private static double NumberOf(long key)
    {
        var number = BitConverter.Int64BitsToDouble(key ^ ((key >> 63) & long.MaxValue));
        return double.IsNaN(number) ? Math.CopySign(double.PositiveInfinity, key) : number;
    }
}
