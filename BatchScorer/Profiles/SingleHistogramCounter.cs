using System.Runtime.CompilerServices;

namespace BatchScorer.Profiles;

/// <summary>Counts Singles for a <see cref="HistogramBuilder"/> that has <see cref="Bits"/> bits or fewer, each bin in a place of its own: nothing has to be searched.</summary>
internal sealed class SingleHistogramCounter(HistogramBuilder histogram)
{
    /// <summary>Bits of the mantissa that tell bins apart: with sign and exponent, the upper half of a Single.</summary>
    public const int Bits = 7;

    /// <summary>Numbers nearer to 0 than this count as 0: a double writes them in other bits.</summary>
    public const float LeastNormal = 1.17549435e-38f;

    private const int MantissaBits = 23;
    private const int PageMask = (1 << Bits) - 1;
    private const int Pages = 1 << 9;

    // A page for each sign and exponent, of which a column has a few.
    private readonly int[]?[] pages = new int[]?[Pages];

    /// <summary>Counts a Single by its bits. NaN is counted where no number is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(uint bits)
    {
        var page = pages[bits >> MantissaBits] ??= new int[1 << Bits];
        page[(bits >> (MantissaBits - Bits)) & PageMask]++;
    }

    /// <summary>Adds all that was counted to the histogram, and starts anew.</summary>
    public void Flush()
    {
        // From the least number to the greatest.
        for (var page = Pages - 1; page >= Pages / 2; page--)
        {
            for (var place = PageMask; place >= 0 && pages[page] is { } negative; place--)
                Flush(page, place, ref negative[place]);
        }

        for (var page = 0; page < Pages / 2; page++)
        {
            for (var place = 0; place <= PageMask && pages[page] is { } positive; place++)
                Flush(page, place, ref positive[place]);
        }
    }

    private void Flush(int page, int place, ref int rows)
    {
        if (rows == 0)
            return;
        var least = BitConverter.UInt32BitsToSingle(((uint)page << MantissaBits) | ((uint)place << (MantissaBits - Bits)));
        if (!float.IsNaN(least))
            histogram.Add(Bits, Histogram.KeyOf(MathF.Abs(least) < LeastNormal ? 0 : least) >> (Histogram.AllBits - Bits), rows);
        rows = 0;
    }
}
