namespace BatchScorer.Profiles;

/// <summary>
/// Adds doubles without rounding, by adding the mantissas of each exponent as whole numbers: a few instructions a value.
/// </summary>
internal sealed class SumByExponent
{
    /// <summary>Values that may be added at once: so many mantissas of 53 bits still fit in 64 bits with their sign.</summary>
    public const int MostAtOnce = 1024;

    private const int Exponents = 2048;
    private const int Limbs = (Exponents + 128) / 64;
    private const int MantissaBits = 52;
    private const long MantissaMask = (1L << MantissaBits) - 1;

    // A double is mantissa · 2^(exponent field - Bias).
    private const int Bias = 1075;

    private readonly long[] batch = new long[Exponents];
    private readonly Int128[] sums = new Int128[Exponents];

    /// <summary>Adds values.</summary>
    /// <param name="values">At most <see cref="MostAtOnce"/>, all finite.</param>
    public void Add(ReadOnlySpan<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, MostAtOnce);
        var (least, greatest) = (Exponents - 1, 0);
        foreach (var value in values)
        {
            var bits = BitConverter.DoubleToInt64Bits(value);
            var exponent = (int)(bits >> MantissaBits) & (Exponents - 1);
            // A number below the normal ones has no leading bit, and the exponent of the least of them.
            var isNormal = exponent == 0 ? 0L : 1L;
            var mantissa = (bits & MantissaMask) | (isNormal << MantissaBits);
            exponent += 1 - (int)isNormal;
            var sign = bits >> 63;
            batch[exponent] += (mantissa ^ sign) - sign;
            least = Math.Min(least, exponent);
            greatest = Math.Max(greatest, exponent);
        }

        for (var exponent = least; exponent <= greatest; exponent++)
        {
            if (batch[exponent] == 0)
                continue;
            sums[exponent] += batch[exponent];
            batch[exponent] = 0;
        }
    }

    /// <summary>The sum of all that was added, after which it starts from 0.</summary>
    public ExactSum Take()
    {
        var total = new WideSum(stackalloc ulong[Limbs]);
        for (var exponent = 0; exponent < Exponents; exponent++)
        {
            if (sums[exponent] != 0)
                total.Add(sums[exponent], exponent);
        }

        Array.Clear(sums);
        return total.ToExactSum(-Bias);
    }
}
