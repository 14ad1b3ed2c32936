using System.Numerics;

namespace BatchScorer.Profiles;

/// <summary>
/// A sum of finite doubles without any rounding: <c>Mantissa · 2^Exponent</c>. So it does not depend on the order of its terms, as a sum
/// of doubles does.
/// </summary>
/// <param name="Mantissa">Odd, or 0.</param>
/// <param name="Exponent">0 where the mantissa is.</param>
internal readonly record struct ExactSum(BigInteger Mantissa, int Exponent)
{
    public static ExactSum Zero { get; }

    /// <summary>The sum as mantissa and exponent, the mantissa made odd: one number has one form.</summary>
    public static ExactSum Of(BigInteger mantissa, int exponent)
    {
        if (mantissa.IsZero)
            return Zero;
        var zeros = (int)BigInteger.TrailingZeroCount(mantissa);
        return new ExactSum(mantissa >> zeros, exponent + zeros);
    }

    public static ExactSum operator +(ExactSum a, ExactSum b)
    {
        if (a.Mantissa.IsZero || b.Mantissa.IsZero)
            return a.Mantissa.IsZero ? b : a;
        var exponent = Math.Min(a.Exponent, b.Exponent);
        return Of((a.Mantissa << (a.Exponent - exponent)) + (b.Mantissa << (b.Exponent - exponent)), exponent);
    }

    public static ExactSum operator *(ExactSum a, long times) => Of(a.Mantissa * times, a.Exponent);

    public static ExactSum operator *(ExactSum a, ExactSum b) => Of(a.Mantissa * b.Mantissa, a.Exponent + b.Exponent);

    public static ExactSum operator -(ExactSum a) => a with { Mantissa = -a.Mantissa };

    /// <summary>The sum as a double, wrong by less than the last place.</summary>
    public double ToDouble()
    {
        // Beyond 64 bits a double has no use for more; within them the conversion rounds once.
        var spare = Math.Max(0, (int)Mantissa.GetBitLength() - 64);
        return Math.ScaleB((double)(Mantissa >> spare), Exponent + spare);
    }
}
