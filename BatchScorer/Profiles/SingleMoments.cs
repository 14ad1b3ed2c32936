using System.Numerics;
using System.Runtime.CompilerServices;

namespace BatchScorer.Profiles;

/// <summary>Adds Singles and their squares without rounding, as <see cref="SumByExponent"/> adds doubles.</summary>
internal sealed class SingleMoments
{
    /// <summary>Values that may be added at once: so many squares of 48 bits fit in 64 bits.</summary>
    public const int MostAtOnce = 1024;

    private const int Exponents = 256;
    private const int MantissaBits = 23;
    private const int MantissaMask = (1 << MantissaBits) - 1;

    // A Single is mantissa · 2^(exponent field - Bias).
    private const int Bias = 150;

    // Values that follow one another mostly have the same exponent: with one sum for both the second would wait for the first.
    private const int Lanes = 4;

    private readonly Int128[] sums = new Int128[Exponents];
    private readonly Int128[] squares = new Int128[Exponents];

    /// <summary>Adds values; those that are not finite are left out.</summary>
    /// <param name="values">At most <see cref="MostAtOnce"/>.</param>
    [SkipLocalsInit]
    public void Add(ReadOnlySpan<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, MostAtOnce);
        Span<Pair> batch = stackalloc Pair[Exponents * Lanes];
        batch.Clear();
        for (var i = 0; i < values.Length; i++)
        {
            var bits = BitConverter.SingleToInt32Bits(values[i]);
            var exponent = (bits >> MantissaBits) & (Exponents - 1);
            // A number below the normal ones has no leading bit; it counts at exponent 0 as if that were 1.
            long mantissa = (bits & MantissaMask) | ((exponent == 0 ? 0 : 1) << MantissaBits);
            long sign = bits >> 31;
            ref var pair = ref batch[(exponent * Lanes) | (i & (Lanes - 1))];
            pair.Sum += (mantissa ^ sign) - sign;
            pair.Squares += mantissa * mantissa;
        }

        // The last exponent is that of infinity and NaN.
        for (var exponent = 0; exponent < Exponents - 1; exponent++)
        {
            var lanes = batch.Slice(exponent * Lanes, Lanes);
            var ofSquares = lanes[0].Squares + lanes[1].Squares + lanes[2].Squares + lanes[3].Squares;
            if (ofSquares == 0)
                continue;
            sums[exponent] += lanes[0].Sum + lanes[1].Sum + lanes[2].Sum + lanes[3].Sum;
            squares[exponent] += ofSquares;
        }
    }

    /// <summary>The sum of all that was added and that of the squares, after which they start from 0.</summary>
    public (ExactSum Sum, ExactSum Squares) Take()
    {
        // What is at exponent 0 has the unit of exponent 1.
        sums[1] += sums[0];
        squares[1] += squares[0];
        var least = Math.Max(1, squares.AsSpan(1).IndexOfAnyExcept(Int128.Zero) + 1);
        var (sum, sumOfSquares) = (BigInteger.Zero, BigInteger.Zero);
        for (var exponent = squares.AsSpan().LastIndexOfAnyExcept(Int128.Zero); exponent >= least; exponent--)
        {
            sum = (sum << 1) + sums[exponent];
            sumOfSquares = (sumOfSquares << 2) + squares[exponent];
        }

        Array.Clear(sums);
        Array.Clear(squares);
        return (ExactSum.Of(sum, least - Bias), ExactSum.Of(sumOfSquares, 2 * (least - Bias)));
    }

    private struct Pair
    {
        public long Sum;
        public long Squares;
    }
}
