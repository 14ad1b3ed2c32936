namespace BatchScorer.Profiles;

/// <summary>
/// How many values fall in each bin, where a bin is all doubles that agree in sign, exponent and the first <see cref="Bits"/> bits of the
/// mantissa. Bits are as many as leave at most <see cref="MostBins"/> bins with a value in them, which the values alone decide, in whatever
/// order they come: so histograms merge exactly, and no bounds have to be known before the first value. Of a column with few different
/// values each has a bin of its own.
/// </summary>
/// <remarks>Bins that halve in number as they fill up are those of UDDSketch (Epicoco et al. 2020), on the bits of the number instead of its logarithm.</remarks>
internal sealed class Histogram
{
    /// <summary>The most bins with a value in them.</summary>
    public const int MostBins = 512;

    /// <summary>All bits of a double's mantissa: each bin is one number.</summary>
    public const int AllBits = 52;

    private readonly (long Key, long Rows)[] bins;

    private Histogram(int bits, (long Key, long Rows)[] bins)
    {
        Bits = bits;
        this.bins = bins;
    }

    /// <summary>Bits of the mantissa that tell bins apart, from 0 to <see cref="AllBits"/>; below 0 exponents are put together too.</summary>
    public int Bits { get; }

    /// <summary>The bins that have rows, from the least values to the greatest, each by its place in the order of all bins with as many bits.</summary>
    public IReadOnlyList<(long Key, long Rows)> Bins => bins;

    /// <summary>Makes a histogram of bins in any order, some of which may be the same, with as many bits as it may have.</summary>
    public static Histogram Of(int bits, IEnumerable<(long Key, long Rows)> bins)
    {
        var sorted = bins.ToArray();
        Array.Sort(sorted, (a, b) => a.Key.CompareTo(b.Key));
        var histogram = new Histogram(bits, Together(sorted));
        while (histogram.bins.Length > MostBins)
            histogram = histogram.With(histogram.Bits - 1);
        return histogram;
    }

    /// <summary>The same values in bins of fewer bits.</summary>
    public Histogram With(int fewer) =>
        fewer >= Bits ? this : new Histogram(fewer, Together([.. bins.Select(bin => (bin.Key >> (Bits - fewer), bin.Rows))]));

    public Histogram Merge(Histogram other)
    {
        if (bins.Length == 0 || other.bins.Length == 0)
            return bins.Length == 0 ? other : this;
        var bits = Math.Min(Bits, other.Bits);
        return Of(bits, With(bits).bins.Concat(other.With(bits).bins));
    }

    /// <summary>The key, at all bits, of the bin that a number is in: numbers are in the order of their keys.</summary>
    public static long KeyOf(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value + 0.0); // -0 is 0
        return bits ^ ((bits >> 63) & long.MaxValue);
    }

    /// <summary>The least and the greatest number in a bin.</summary>
    public (double Least, double Greatest) BoundsOf(long key)
    {
        var shift = AllBits - Bits;
        return (NumberOf(key << shift), NumberOf((key << shift) | ((1L << shift) - 1)));
    }

    // The bin next to infinity has no end but that.
    private static double NumberOf(long key)
    {
        var number = BitConverter.Int64BitsToDouble(key ^ ((key >> 63) & long.MaxValue));
        return double.IsNaN(number) ? Math.CopySign(double.PositiveInfinity, key) : number;
    }

    private static (long Key, long Rows)[] Together((long Key, long Rows)[] sorted)
    {
        var together = new List<(long Key, long Rows)>(sorted.Length);
        foreach (var bin in sorted)
        {
            if (together.Count > 0 && together[^1].Key == bin.Key)
                together[^1] = (bin.Key, together[^1].Rows + bin.Rows);
            else
                together.Add(bin);
        }

        return [.. together];
    }
}
