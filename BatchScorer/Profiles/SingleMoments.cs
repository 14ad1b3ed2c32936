using System.Runtime.CompilerServices;

namespace BatchScorer.Profiles;

/// <summary>Adds Singles and their squares without rounding, as <see cref="SumByExponent"/> adds doubles.</summary>
internal sealed class SingleMoments
{
    private const int Exponents = 256;
    private const int Limbs = (2 * Exponents + 128) / 64;
    private const int MantissaBits = 23;
    private const int MantissaMask = (1 << MantissaBits) - 1;

    // A Single is mantissa · 2^(exponent field - Bias).
    private const int Bias = 150;

    // Values that follow one another mostly have the same exponent: with one sum for both the second would wait for the first.
    private const int Lanes = 2;

    // So many squares of 48 bits fit in 64 bits.
    private const int MostPending = 1 << 15;

    private readonly Pair[] pending = new Pair[Exponents * Lanes];
    private readonly Int128[] sums = new Int128[Exponents];
    private readonly Int128[] squares = new Int128[Exponents];
    private int pendingValues;

    /// <summary>Adds values; those that are not finite are left out.</summary>
    /// <param name="values">At most <see cref="SumByExponent.MostAtOnce"/>.</param>
    public void Add(ReadOnlySpan<float> values)
    {
        Reserve(values.Length);
        for (var i = 0; i < values.Length; i++)
            Add(BitConverter.SingleToUInt32Bits(values[i]), i);
    }

    /// <summary>Adds values as <see cref="Add(ReadOnlySpan{float})"/>, and counts them in the same loop.</summary>
    /// <param name="values">At most <see cref="SumByExponent.MostAtOnce"/>.</param>
    /// <param name="counter">What counts them.</param>
    public void Add(ReadOnlySpan<float> values, SingleHistogramCounter counter)
    {
        Reserve(values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(values[i]);
            counter.Add(bits);
            Add(bits, i);
        }
    }

    /// <summary>The sum of all that was added and that of the squares, after which they start from 0.</summary>
    public (ExactSum Sum, ExactSum Squares) Take()
    {
        Settle();
        var sum = new WideSum(stackalloc ulong[Limbs]);
        var sumOfSquares = new WideSum(stackalloc ulong[Limbs]);
        for (var exponent = 0; exponent < Exponents - 1; exponent++) // the last one is that of infinity and NaN
        {
            if (squares[exponent] == 0)
                continue;
            // What is at exponent 0 has the unit of exponent 1.
            var shift = Math.Max(0, exponent - 1);
            sum.Add(sums[exponent], shift);
            sumOfSquares.Add(squares[exponent], 2 * shift);
        }

        Array.Clear(sums);
        Array.Clear(squares);
        return (sum.ToExactSum(1 - Bias), sumOfSquares.ToExactSum(2 * (1 - Bias)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(uint bits, int i)
    {
        var exponent = (int)(bits >> MantissaBits) & (Exponents - 1);
        // A number below the normal ones has no leading bit; it counts at exponent 0 as if that were 1.
        long mantissa = ((int)bits & MantissaMask) | ((exponent == 0 ? 0 : 1) << MantissaBits);
        long sign = (int)bits >> 31;
        ref var pair = ref pending[(exponent * Lanes) | (i & (Lanes - 1))];
        pair.Sum += (mantissa ^ sign) - sign;
        pair.Squares += mantissa * mantissa;
    }

    private void Reserve(int values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values, SumByExponent.MostAtOnce);
        if (pendingValues + values > MostPending)
            Settle();
        pendingValues += values;
    }

    private void Settle()
    {
        for (var place = 0; place < pending.Length; place++)
        {
            sums[place / Lanes] += pending[place].Sum;
            squares[place / Lanes] += pending[place].Squares;
        }

        Array.Clear(pending);
        pendingValues = 0;
    }

    private struct Pair
    {
        public long Sum;
        public long Squares;
    }
}
