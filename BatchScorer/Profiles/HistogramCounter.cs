namespace BatchScorer.Profiles;

/// <summary>Counts values into the bins of a <see cref="Histogram"/>, in a hash table that stays in the processor's cache.</summary>
internal sealed class HistogramCounter
{
    private const int TableBits = 10;
    private const int Mask = (1 << TableBits) - 1;

    // No number has this key: it would be a NaN.
    private const long Free = long.MaxValue;

    private readonly int mostBits;
    private Entry[] table = Empty();
    private Entry[] spare = Empty();
    private int bins;

    /// <param name="mostBits">Bits of the mantissa that values of the column have, so that none is spent on others: 23 for Single, otherwise 52.</param>
    public HistogramCounter(int mostBits)
    {
        this.mostBits = mostBits;
        Bits = mostBits;
    }

    /// <summary>Bits of the mantissa that tell bins apart by now.</summary>
    public int Bits { get; private set; }

    /// <summary>Counts a value that is not NaN.</summary>
    public void Add(double value)
    {
        var key = Histogram.KeyOf(value);
        while (!TryCount(table, key >> (Histogram.AllBits - Bits), 1))
            Coarsen();
    }

    /// <summary>The histogram of all that was counted, after which it starts anew.</summary>
    public Histogram Take()
    {
        var histogram = Histogram.Of(Bits, table.Where(entry => entry.Key != Free).Select(entry => (entry.Key, entry.Rows)));
        Clear(table);
        (bins, Bits) = (0, mostBits);
        return histogram;
    }

    // False where that would be a bin too many.
    private bool TryCount(Entry[] entries, long key, long rows)
    {
        for (var at = Place(key); ; at = (at + 1) & Mask)
        {
            ref var entry = ref entries[at];
            if (entry.Key == key)
            {
                entry.Rows += rows;
                return true;
            }

            if (entry.Key != Free)
                continue;
            if (bins == Histogram.MostBins)
                return false;
            bins++;
            entry.Key = key;
            entry.Rows = rows;
            return true;
        }
    }

    // One bit less, which leaves as many bins or fewer. The caller tries again.
    private void Coarsen()
    {
        Clear(spare);
        bins = 0;
        Bits--;
        foreach (var entry in table)
        {
            if (entry.Key != Free)
                TryCount(spare, entry.Key >> 1, entry.Rows);
        }

        (table, spare) = (spare, table);
    }

    private static int Place(long key) => (int)(((ulong)key * 0x9E3779B97F4A7C15) >> (64 - TableBits));

    private static Entry[] Empty()
    {
        var entries = new Entry[1 << TableBits];
        Clear(entries);
        return entries;
    }

    private static void Clear(Entry[] entries) => Array.Fill(entries, new Entry { Key = Free });

    private struct Entry
    {
        public long Key;
        public long Rows;
    }
}
