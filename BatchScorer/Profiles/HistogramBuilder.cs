namespace BatchScorer.Profiles;

/// <summary>
/// A histogram that grows, in memory that is reused. A bit is dropped whenever there would be a bin too many, and only then, so that bits are
/// as many as they may be whatever the order in which bins come.
/// </summary>
internal sealed class HistogramBuilder
{
    private readonly (long Key, long Rows)[] bins = new (long Key, long Rows)[Histogram.MostBins];
    private int count;

    /// <summary>Bits of the mantissa that tell bins apart by now.</summary>
    public int Bits { get; private set; } = Histogram.AllBits;

    /// <summary>Adds rows to a bin. In the order of the keys it is fastest.</summary>
    /// <param name="bits">Bits that the key goes by; from there on there are no more.</param>
    /// <param name="key">See <see cref="Histogram.Bins"/>.</param>
    /// <param name="rows">The rows.</param>
    public void Add(int bits, long key, long rows)
    {
        Coarsen(bits);
        while (!TryAdd(key >> (bits - Bits), rows))
            Coarsen(Bits - 1);
    }

    /// <summary>Puts bins together that differ only in the bits beyond so many.</summary>
    public void Coarsen(int fewer)
    {
        if (fewer >= Bits)
            return;
        var dropped = Bits - fewer;
        var last = -1;
        foreach (var (full, rows) in bins.AsSpan(0, count))
        {
            var key = full >> dropped;
            if (last >= 0 && bins[last].Key == key)
                bins[last].Rows += rows;
            else
                bins[++last] = (key, rows);
        }

        count = last + 1;
        Bits = fewer;
    }

    /// <summary>What was added so far. It is not copied: a histogram that is to last needs a builder of its own.</summary>
    public Histogram Build() => new(Bits, new ArraySegment<(long Key, long Rows)>(bins, 0, count));

    /// <summary>Starts anew.</summary>
    public void Clear() => (count, Bits) = (0, Histogram.AllBits);

    // False where that would be a bin too many.
    private bool TryAdd(long key, long rows)
    {
        var place = PlaceOf(key);
        if (place < count && bins[place].Key == key)
        {
            bins[place].Rows += rows;
            return true;
        }

        if (count == bins.Length)
            return false;
        bins.AsSpan(place, count - place).CopyTo(bins.AsSpan(place + 1));
        bins[place] = (key, rows);
        count++;
        return true;
    }

    /// <summary>The place of the first bin whose key is not less.</summary>
    private int PlaceOf(long key)
    {
        var (from, to) = (0, count);
        if (count > 0 && bins[count - 1].Key < key)
            from = count;
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (bins[middle].Key < key)
                from = middle + 1;
            else
                to = middle;
        }

        return from;
    }
}
