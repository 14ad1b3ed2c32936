namespace BatchScorer.Models.Compiled.Format;

/// <summary>One vector as ML.NET's vector codec writes it: blocks of lengths, counts, indices and values.</summary>
internal static class VectorValue
{
    /// <summary>Reads a block that holds one vector, and fills in the zeros that a sparse one leaves out.</summary>
    public static T[] Read<T>(BlockReader block)
        where T : unmanaged
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
            return block.Values<T>(length);

        var values = block.Values<T>(count);
        if (indices.Length != count || indices.Any(index => (uint)index >= (uint)length))
            throw block.Fault($"it has a vector of length {length} with indices outside it");
        var dense = new T[length];
        for (var i = 0; i < count; i++)
            dense[indices[i]] = values[i];
        return dense;
    }
}
