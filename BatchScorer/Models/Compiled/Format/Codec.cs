using BatchScorer.Batches;

namespace BatchScorer.Models.Compiled.Format;

/// <summary>How ML.NET stores values of one type: a name and parameters, as in its <c>CodecFactory</c>.</summary>
/// <param name="Name">ML.NET's name, such as <c>Single</c> or <c>VBuffer</c>.</param>
/// <param name="Type">The type, or null when this engine has no column for it, such as dates.</param>
/// <param name="KeyCount">For keys, how many different ones there are.</param>
internal sealed record Codec(string Name, ColumnType? Type, ulong KeyCount = 0)
{
    /// <summary>Longest vector that is scored: a row of them takes 64 MB.</summary>
    public const int MaximumVectorLength = 1 << 24;

    /// <summary>Reads a codec's name and parameters.</summary>
    public static Codec Read(BlockReader reader)
    {
        var name = reader.Utf8();
        var parameters = reader.Slice(reader.Leb128());
        return name switch
        {
            "VBuffer" => ReadVector(parameters),
            "Key2" => ReadKey(parameters),
            _ => new Codec(name, Primitive(name) is { } kind ? new ColumnType(kind) : null),
        };
    }

    private static Codec ReadKey(BlockReader reader)
    {
        var kind = Primitive(reader.Utf8());
        reader.Take(reader.Leb128());
        return new Codec("Key", kind is null ? null : new ColumnType(ValueKind.Key), reader.UInt64());
    }

    private static Codec ReadVector(BlockReader reader)
    {
        var item = reader.Utf8();
        var parameters = reader.Slice(reader.Leb128());
        var itemCodec = item == "Key2" ? ReadKey(parameters) : new Codec(item, Primitive(item) is { } kind ? new ColumnType(kind) : null);
        long length = 1;
        foreach (var dimension in reader.Array<int>())
        {
            if (dimension < 0)
                throw reader.Fault($"a vector has a dimension of {dimension}");
            length = Math.Min(length * dimension, MaximumVectorLength + 1L);
        }

        // A length of 0 means that it varies from row to row.
        ColumnType? type = itemCodec.Type is { } known && length is > 0 and <= MaximumVectorLength ? known with { VectorLength = (int)length } : null;
        return new Codec($"vector of {itemCodec.Name}", type, itemCodec.KeyCount);
    }

    private static ValueKind? Primitive(string name) => name switch
    {
        "Boolean" or "DvBool" => ValueKind.Boolean,
        "SByte" => ValueKind.SByte,
        "Byte" => ValueKind.Byte,
        "Int16" => ValueKind.Int16,
        "UInt16" => ValueKind.UInt16,
        "Int32" => ValueKind.Int32,
        "UInt32" => ValueKind.UInt32,
        "Int64" => ValueKind.Int64,
        "UInt64" => ValueKind.UInt64,
        "Single" => ValueKind.Single,
        "Double" => ValueKind.Double,
        "TextSpan" => ValueKind.Text,
        _ => null,
    };
}
