using System.Numerics;
using System.Runtime.InteropServices;

namespace BatchScorer.Profiles;

/// <summary>A whole number of as many bits as its limbs have, to which others are added where it stands: no memory is taken for each.</summary>
/// <param name="limbs">The number in two's complement, the lowest 64 bits first; all 0 to begin with.</param>
internal readonly ref struct WideSum(Span<ulong> limbs)
{
    private readonly Span<ulong> limbs = limbs;

    /// <summary>Adds <c>value · 2^shift</c>.</summary>
    public void Add(Int128 value, int shift)
    {
        var (first, bits) = (shift / 64, shift % 64);
        var (low, high) = ((ulong)value, (long)(value >> 64));
        // The value, shifted by less than a limb, and its sign in all limbs above.
        ReadOnlySpan<ulong> shifted = [low << bits, (ulong)(value >> (64 - bits)), (ulong)((Int128)high >> (64 - bits))];
        UInt128 carry = 0;
        for (var i = first; i < limbs.Length; i++)
        {
            carry += (UInt128)limbs[i] + (i - first < shifted.Length ? shifted[i - first] : (ulong)(high >> 63));
            limbs[i] = (ulong)carry;
            carry >>= 64;
        }
    }

    /// <summary>The number times <c>2^exponent</c>.</summary>
    public ExactSum ToExactSum(int exponent) => ExactSum.Of(new BigInteger(MemoryMarshal.AsBytes(limbs)), exponent);
}
