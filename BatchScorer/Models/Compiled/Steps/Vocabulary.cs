using System.Numerics;
using System.Runtime.InteropServices;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>
/// Texts and their numbers from 1 on, looked up without making strings. All texts are back to back, and the table that leads
/// to them holds their hashes, so that a text that is not there is mostly found out at once.
/// </summary>
internal sealed class Vocabulary
{
    private readonly byte[] bytes;
    private readonly int[] ends;
    private readonly Entry[] table;

    public Vocabulary(byte[][] terms)
    {
        bytes = [.. terms.SelectMany(term => term)];
        ends = new int[terms.Length];
        table = new Entry[BitOperations.RoundUpToPowerOf2((uint)terms.Length * 2 + 1)];
        var end = 0;
        for (var i = 0; i < terms.Length; i++)
        {
            ends[i] = end += terms[i].Length;
            var hash = Hash(terms[i]);
            ref var entry = ref Find(terms[i], hash);
            if (entry.Key == 0)
                entry = new Entry(hash, (uint)i + 1);
        }
    }

    /// <summary>The number of a text, 0 when it has none.</summary>
    public uint Key(ReadOnlySpan<byte> utf8) => Find(utf8, Hash(utf8)).Key;

    /// <summary>The entry of a text, or a free one where it would be.</summary>
    private ref Entry Find(ReadOnlySpan<byte> utf8, int hash)
    {
        for (var at = hash; ; at++)
        {
            ref var entry = ref table[at & (table.Length - 1)];
            if (entry.Key == 0 || (entry.Hash == hash && utf8.SequenceEqual(Text(entry.Key))))
                return ref entry;
        }
    }

    /// <summary>Mixes eight bytes at a time. The texts kept are a model's own, so nobody can choose them to collide.</summary>
    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = (ulong)utf8.Length;
        for (; utf8.Length >= sizeof(ulong); utf8 = utf8[sizeof(ulong)..])
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(utf8));
        ulong rest = 0;
        foreach (var value in utf8)
            rest = (rest << 8) | value;
        return (int)(Mix(hash ^ rest) >> 32);
    }

    private static ulong Mix(ulong value)
    {
        value *= 0x9E3779B97F4A7C15;
        return value ^ (value >> 29);
    }

    private ReadOnlySpan<byte> Text(uint key)
    {
        var start = key == 1 ? 0 : ends[key - 2];
        return bytes.AsSpan(start, ends[key - 1] - start);
    }

    private readonly record struct Entry(int Hash, uint Key);
}
