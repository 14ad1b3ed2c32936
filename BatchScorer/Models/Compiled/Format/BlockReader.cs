using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using BatchScorer.Errors;

namespace BatchScorer.Models.Compiled.Format;

/// <summary>
/// Reads the little-endian values of one block of a model file. Every length is checked against what is left of the block
/// before anything is allocated, so that damaged bytes end in one clear error and never in a large array.
/// </summary>
/// <param name="file">The model file, for messages.</param>
/// <param name="place">The component, for messages.</param>
/// <param name="block">The bytes to read.</param>
/// <param name="strings">The component's string table, which strings in the block are indices into.</param>
internal sealed class BlockReader(string file, string place, ReadOnlyMemory<byte> block, string[] strings)
{
    private int position;

    public int Remaining => block.Length - position;

    public byte Byte() => Take(1)[0];

    /// <summary>A byte that is 0 or 1.</summary>
    public bool Boolean() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw Fault($"a flag is {other}"),
    };

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    /// <summary>A number of things that each take at least <paramref name="bytesEach"/> of the bytes left.</summary>
    public int Count(int bytesEach)
    {
        var count = Int32();
        return count >= 0 && (long)count * bytesEach <= Remaining ? count : throw Fault($"it announces {count} items in {Remaining} bytes");
    }

    /// <summary>A count and so many fixed-size values; an absent array reads as an empty one.</summary>
    public T[] Array<T>()
        where T : unmanaged => Values<T>(Int32());

    /// <summary>So many fixed-size values, without a count before them.</summary>
    public T[] Values<T>(int count)
        where T : unmanaged
    {
        var size = Marshal.SizeOf<T>();
        if (count < 0 || (long)count * size > Remaining)
            throw Fault($"it announces {count} items in {Remaining} bytes");
        return MemoryMarshal.Cast<byte, T>(Take(count * size)).ToArray();
    }

    /// <summary>Insists on ML.NET's mark for blocks of 4-byte floats.</summary>
    public void FloatSize()
    {
        if (Int32() is var size && size != sizeof(float))
            throw Fault($"its floats are {size} bytes long, expected {sizeof(float)}");
    }

    /// <summary>A string of the string table, or null.</summary>
    public string? StringOrNull() => Int32() switch
    {
        -1 => null,
        var index when (uint)index < (uint)strings.Length => strings[index],
        var index => throw Fault($"it refers to string {index} of {strings.Length}"),
    };

    /// <summary>A string of the string table that is not empty.</summary>
    public string Name() => StringOrNull() is { Length: > 0 } name ? name : throw Fault("a name is missing");

    /// <summary>An unsigned LEB128 number that fits an <see cref="int"/>.</summary>
    public int Leb128() => UnsignedLeb128() is <= int.MaxValue and var value ? (int)value : throw Fault("a length is out of range");

    /// <summary>An unsigned LEB128 number that fits 32 bits.</summary>
    public uint UnsignedLeb128()
    {
        ulong value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value <= uint.MaxValue ? (uint)value : throw Fault("a number is out of range");
        }

        throw Fault("a number is out of range");
    }

    /// <summary>UTF-8 text with its length in bytes before it.</summary>
    public string Utf8() => Encoding.UTF8.GetString(Take(Leb128()));

    /// <summary>The next bytes as a block of their own.</summary>
    public BlockReader Slice(int length)
    {
        var start = position;
        Take(length);
        return new BlockReader(file, place, block.Slice(start, length), strings);
    }

    /// <summary>The next bytes.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)Remaining)
            throw Fault($"it ends where {length} more bytes were expected");
        position += length;
        return block.Span.Slice(position - length, length);
    }

    /// <summary>Insists that everything was read: what is left would have been misunderstood.</summary>
    public void End()
    {
        if (Remaining > 0)
            throw Fault($"{Remaining} bytes are left over");
    }

    /// <summary>The error for bytes that cannot be right.</summary>
    public BatchScorerException Fault(string what) => ModelFault.Corrupt(file, place, what);
}
