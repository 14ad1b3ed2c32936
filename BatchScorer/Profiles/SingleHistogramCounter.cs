namespace BatchScorer.Profiles;

/// <summary>Counts Singles into bins of <see cref="Bits"/> bits, each of which has a place of its own: nothing has to be searched.</summary>
internal sealed class SingleHistogramCounter
{
    /// <summary>Bits of the mantissa that tell bins apart.</summary>
    public const int Bits = 7;

    /// <summary>Numbers nearer to 0 than this count as 0: a double writes them in other bits.</summary>
    public const float LeastNormal = 1.17549435e-38f;

    private const int MantissaBits = 23;
    private const int PageMask = (1 << Bits) - 1;

    // A page for each sign and exponent, of which a column has a few.
    private readonly int[]?[] pages = new int[1 << 9][];

    /// <summary>Counts values. NaN is counted where no number is.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            var bits = BitConverter.SingleToUInt32Bits(value);
            var page = pages[bits >> MantissaBits] ??= new int[1 << Bits];
            page[(bits >> (MantissaBits - Bits)) & PageMask]++;
        }
    }

    /// <summary>The histogram of all that was counted, after which it starts anew.</summary>
    public Histogram Take()
    {
        var bins = new List<(long Key, long Rows)>();
        for (var page = 0; page < pages.Length; page++)
        {
            for (var place = 0; place < pages[page]?.Length; place++)
            {
                var least = BitConverter.UInt32BitsToSingle(((uint)page << MantissaBits) | ((uint)place << (MantissaBits - Bits)));
                if (pages[page]![place] > 0 && !float.IsNaN(least))
                    bins.Add((Histogram.KeyOf(MathF.Abs(least) < LeastNormal ? 0 : least) >> (Histogram.AllBits - Bits), pages[page]![place]));
            }

            pages[page]?.AsSpan().Clear();
        }

        return Histogram.Of(Bits, bins);
    }
}
