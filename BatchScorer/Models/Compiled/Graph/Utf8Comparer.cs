using System.Runtime.InteropServices;

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>Compares UTF-8 texts byte by byte, and lets a dictionary of them be asked with a span.</summary>
internal sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static Utf8Comparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(byte[] obj) => GetHashCode((ReadOnlySpan<byte>)obj);

    /// <summary>Mixes eight bytes at a time. The texts kept are a model's own, so nobody can choose them to collide.</summary>
    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = (ulong)alternate.Length;
        for (; alternate.Length >= sizeof(ulong); alternate = alternate[sizeof(ulong)..])
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(alternate));
        ulong rest = 0;
        foreach (var value in alternate)
            rest = (rest << 8) | value;
        return (int)(Mix(hash ^ rest) >> 32);
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    private static ulong Mix(ulong value)
    {
        value *= 0x9E3779B97F4A7C15;
        return value ^ (value >> 29);
    }
}
