using System.Buffers.Binary;

namespace BatchScorer.Profiles;

/// <summary>The hash by which categories are known: the same on every machine and in every version, since stored profiles go by it.</summary>
internal static class CategoryHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    public static ulong Of(ReadOnlySpan<byte> utf8)
    {
        var hash = (ulong)utf8.Length * Multiplier;
        for (; utf8.Length >= sizeof(ulong); utf8 = utf8[sizeof(ulong)..])
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8)) * Multiplier;
            hash ^= hash >> 32;
        }

        ulong rest = 0;
        foreach (var value in utf8)
            rest = (rest << 8) | value;
        return Mix(hash ^ rest);
    }

    // The constants and shifts of MurmurHash3's finalizer, which lets every bit change every other.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCD;
        value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53;
        return value ^ (value >> 33);
    }
}
