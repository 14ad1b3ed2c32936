using System.Text;

namespace BatchScorer.Models.Compiled.Format;

/// <summary>One vector as ML.NET's vector codec writes it: blocks of lengths, counts, indices and values.</summary>
internal static class VectorValue
{
    /// <summary>Reads a block that holds one vector of fixed-size values, and fills in the zeros that a sparse one leaves out.</summary>
    public static T[] Read<T>(BlockReader block)
        where T : unmanaged
    {
        var (length, indices) = ReadLayout(block);
        return Fill(block.Values<T>(indices?.Length ?? length), length, indices, default);
    }

    /// <summary>Reads a block that holds one vector of texts, as UTF-8.</summary>
    public static byte[][] ReadTexts(BlockReader block)
    {
        const int missing = int.MinValue; // a mark of old versions on the end of a text
        var (length, indices) = ReadLayout(block);
        var ends = block.Array<int>();
        var text = block.Utf8();
        if (ends.Length != (indices?.Length ?? length))
            throw block.Fault($"it has {ends.Length} texts in a vector of length {length}");
        var texts = new byte[ends.Length][];
        var start = 0;
        for (var i = 0; i < ends.Length; i++)
        {
            var end = ends[i] & ~missing;
            if (end < start || end > text.Length)
                throw block.Fault($"text {i} lies outside its characters");
            texts[i] = Encoding.UTF8.GetBytes(text[start..end]);
            start = end;
        }

        return Fill(texts, length, indices, []);
    }

    /// <summary>Reads a block that holds one vector of truth values, eight to a byte.</summary>
    public static bool[] ReadFlags(BlockReader block)
    {
        var (length, indices) = ReadLayout(block);
        var count = indices?.Length ?? length;
        var packed = block.Values<byte>((count + 7) / 8);
        return Fill([.. Enumerable.Range(0, count).Select(i => (packed[i / 8] >> i % 8 & 1) != 0)], length, indices, false);
    }

    /// <summary>What comes before the values: the vector's length and, where it is sparse, the indices of the values.</summary>
    private static (int Length, int[]? Indices) ReadLayout(BlockReader block)
    {
        if (block.Int32() is var vectors && vectors != 1)
            throw block.Fault($"it has {vectors} vectors where one was expected");
        var length = block.Int32();
        if (length == 0)
            length = block.Int32();
        if (length is < 0 or > Codec.MaximumVectorLength)
            throw block.Fault($"it has a vector of length {length}");
        var count = block.Int32();
        var indices = block.Array<int>();
        if (count < 0)
            return (length, null);
        return indices.Length == count && indices.All(index => (uint)index < (uint)length)
            ? (length, indices)
            : throw block.Fault($"it has a vector of length {length} with indices outside it");
    }

    private static T[] Fill<T>(T[] values, int length, int[]? indices, T absent)
    {
        if (indices is null)
            return values;
        var dense = new T[length];
        Array.Fill(dense, absent);
        for (var i = 0; i < indices.Length; i++)
            dense[indices[i]] = values[i];
        return dense;
    }
}
