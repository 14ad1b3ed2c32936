using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace BatchScorer.Models.Compiled.Steps.Hashing;

/// <summary>
/// MurmurHash3 of 32 bits (Austin Appleby) as ML.NET uses it. Texts are hashed in two ways: before ML.NET 1.5 with a last round
/// for their length, since then in the usual way, except that characters beyond ASCII stir the bytes before them.
/// </summary>
internal static class Murmur
{
    private const uint First = 0xCC9E2D51;
    private const uint Second = 0x1B873593;

    /// <summary>Takes four bytes into a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Round(uint hash, uint chunk) => BitOperations.RotateLeft(hash ^ Scramble(chunk), 13) * 5 + 0xE6546B64;

    /// <summary>Spreads a finished hash over all its bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Mix(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }

    /// <summary>Finishes a hash of so many keys.</summary>
    public static uint Finish(uint hash, int count) => Mix(Round(hash, (uint)count));

    /// <summary>The hash of a text.</summary>
    public static uint Text(uint hash, ReadOnlySpan<byte> utf8)
    {
        if (!Ascii.IsValid(utf8))
            return OtherText(hash, utf8, isOld: false);
        var length = (uint)utf8.Length;
        hash = Rounds(hash, ref utf8);
        return Mix((utf8.IsEmpty ? hash : hash ^ Scramble(Rest(utf8))) ^ length);
    }

    /// <summary>The hash of a text as it was before ML.NET 1.5.</summary>
    public static uint OldText(uint hash, ReadOnlySpan<byte> utf8)
    {
        if (!Ascii.IsValid(utf8))
            return OtherText(hash, utf8, isOld: true);
        var length = (uint)utf8.Length;
        hash = Rounds(hash, ref utf8);
        return Mix(Round(utf8.IsEmpty ? hash : Round(hash, Rest(utf8)), length));
    }

    private static uint Scramble(uint chunk) => BitOperations.RotateLeft(chunk * First, 15) * Second;

    private static uint Rounds(uint hash, ref ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(uint); bytes = bytes[sizeof(uint)..])
            hash = Round(hash, BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        return hash;
    }

    private static uint Rest(ReadOnlySpan<byte> bytes)
    {
        uint rest = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
            rest = (rest << 8) | bytes[i];
        return rest;
    }

    private static uint OtherText(uint hash, ReadOnlySpan<byte> utf8, bool isOld)
    {
        Span<char> codes = stackalloc char[2];
        ulong pending = 0;
        var (bits, length) = (0, 0);
        while (!utf8.IsEmpty)
        {
            Rune.DecodeFromUtf8(utf8, out var rune, out var used);
            utf8 = utf8[used..];
            foreach (var code in codes[..rune.EncodeToUtf16(codes)])
            {
                var size = code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
                pending |= Bytes(code, size) << bits;
                if (!isOld)
                    pending = Turn(pending, size);
                bits += 8 * size;
                if (bits < 32)
                    continue;
                hash = Round(hash, (uint)pending);
                pending >>= 32;
                bits -= 32;
                length += sizeof(uint);
            }
        }

        length += bits / 8;
        var rest = (uint)(pending & ((1UL << bits) - 1));
        return isOld
            ? Mix(Round(bits == 0 ? hash : Round(hash, (uint)pending), (uint)length))
            : Mix((bits == 0 ? hash : hash ^ Scramble(rest)) ^ (uint)length);
    }

    /// <summary>A UTF-16 code as if it were UTF-8, the last byte lowest. Halves of a pair become three bytes each.</summary>
    private static ulong Bytes(char code, int size) => size switch
    {
        1 => code,
        2 => ((code & 0x3FU) | (((uint)code << 2) & 0x1F00)) | 0xC080,
        _ => ((code & 0x3FU) | (((uint)code << 2) & 0x3F00) | (((uint)code << 4) & 0x0F0000)) | 0xE08080,
    };

    /// <summary>Puts the first byte lowest, which is right at the beginning of four bytes, and what ML.NET does elsewhere as well.</summary>
    private static ulong Turn(ulong pending, int size) => size switch
    {
        1 => pending,
        2 => ((pending & 0xFF) << 8) | (pending >> 8),
        _ => ((pending & 0xFF) << 16) | (((pending >> 8) & 0xFF) << 8) | (pending >> 16),
    };
}
