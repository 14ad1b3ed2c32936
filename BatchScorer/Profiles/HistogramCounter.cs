namespace BatchScorer.Profiles;

/// <summary>
/// Counts values for a <see cref="HistogramBuilder"/>, in a hash table that stays in the processor's cache. It has more keys than a histogram
/// has bins, so that it is seldom full and then many bits are dropped at once.
/// </summary>
/// <param name="histogram">Where the counts go.</param>
/// <param name="mostBits">Bits of the mantissa that values of the column have, so that none is spent on others: 23 for Single, otherwise 52.</param>
internal sealed class HistogramCounter(HistogramBuilder histogram, int mostBits)
{
    private const int MostKeys = 2 * Histogram.MostBins;
    private const int TableBits = 11;
    private const int Mask = (1 << TableBits) - 1;

    private readonly long[] keys = new long[1 << TableBits];
    private readonly long[] rows = new long[1 << TableBits]; // 0 where there is no key
    private int count;
    private int dropped; // of the most bits

    /// <summary>Counts a value that is not NaN.</summary>
    public void Add(double value)
    {
        var key = Histogram.KeyOf(value);
        while (!TryCount(key >> (Histogram.AllBits - mostBits + dropped)))
        {
            Flush();
            dropped = mostBits - histogram.Bits;
        }
    }

    /// <summary>Adds all that was counted to the histogram, and starts anew.</summary>
    public void Flush()
    {
        for (var place = 0; count > 0; place++)
        {
            if (rows[place] == 0)
                continue;
            histogram.Add(mostBits - dropped, keys[place], rows[place]);
            rows[place] = 0;
            count--;
        }

        dropped = 0;
    }

    // False where that would be a key too many.
    private bool TryCount(long key)
    {
        var place = (int)(((ulong)key * 0x9E3779B97F4A7C15) >> (64 - TableBits));
        while (rows[place] > 0 && keys[place] != key)
            place = (place + 1) & Mask;
        if (rows[place] == 0)
        {
            if (count == MostKeys)
                return false;
            count++;
            keys[place] = key;
        }

        rows[place]++;
        return true;
    }
}
