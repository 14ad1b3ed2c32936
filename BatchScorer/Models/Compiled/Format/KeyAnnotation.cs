using System.IO.Compression;
using BatchScorer.Batches;

namespace BatchScorer.Models.Compiled.Format;

/// <summary>
/// What the keys of a training column stand for: the annotation <c>KeyValues</c> in the data view <c>TrainSchema</c> that a
/// predicting step keeps. ML.NET describes the layout in <c>docs/code/IdvFileFormat.md</c>.
/// </summary>
internal static class KeyAnnotation
{
    private const string Entry = "TrainSchema";
    private const string Kind = "KeyValues";

    private const byte Deflated = 1;
    private const byte Zlib = 2;

    /// <summary>Inflated bytes the values of one column have at most: 64 MB.</summary>
    private const int MostBytes = 64 << 20;

    /// <summary>A typed array, <c>byte[][]</c> for text; null when the column's keys stand for nothing.</summary>
    /// <param name="step">The predicting step.</param>
    /// <param name="column">The column's name.</param>
    public static Array? Read(ModelKey step, string column)
    {
        var (file, path, content) = step.Entry(Entry);
        if (DataViewSchema.Read(file, path, content).LastOrDefault(candidate => candidate.Name == column) is not { } described)
            throw step.Fault($"it was trained on the label \"{column}\", which its {Entry} lacks");
        if (described.Annotations == 0)
            return null;
        if (described.Annotations < 0 || described.Annotations > content.Length)
            throw ModelFault.Corrupt(file, path, $"the annotations of \"{column}\" lie outside it");

        var table = new BlockReader(file, path, content[(int)described.Annotations..], []);
        for (var count = table.Leb128(); count > 0; count--)
        {
            var kind = table.Utf8();
            var codec = Codec.Read(table);
            var compression = table.Byte();
            var (start, length) = (table.Int64(), table.Leb128());
            if (kind != Kind)
                continue;
            if (start < 0 || start > content.Length || length > content.Length - start)
                throw ModelFault.Corrupt(file, path, $"the {Kind} of \"{column}\" lie outside it");
            if (codec.Type is not { } type)
                throw step.Unsupported($"predicts labels of type {codec.Name}");
            var block = Inflate(table, content.Slice((int)start, length), compression);
            return type.IsVector ? Values(step, type.Kind, new BlockReader(file, path, block, [])) : null;
        }

        return null;
    }

    private static Array Values(ModelKey step, ValueKind kind, BlockReader block) => kind switch
    {
        ValueKind.Text => VectorValue.ReadTexts(block),
        ValueKind.SByte => VectorValue.Read<sbyte>(block),
        ValueKind.Byte => VectorValue.Read<byte>(block),
        ValueKind.Int16 => VectorValue.Read<short>(block),
        ValueKind.UInt16 => VectorValue.Read<ushort>(block),
        ValueKind.Int32 => VectorValue.Read<int>(block),
        ValueKind.UInt32 => VectorValue.Read<uint>(block),
        ValueKind.Int64 => VectorValue.Read<long>(block),
        ValueKind.UInt64 => VectorValue.Read<ulong>(block),
        ValueKind.Single => VectorValue.Read<float>(block),
        ValueKind.Double => VectorValue.Read<double>(block),
        ValueKind.Boolean => VectorValue.ReadFlags(block),
        _ => throw step.Unsupported($"predicts labels of type {kind}"),
    };

    private static ReadOnlyMemory<byte> Inflate(BlockReader table, ReadOnlyMemory<byte> block, byte compression)
    {
        if (compression == 0)
            return block;
        var packed = new MemoryStream(block.ToArray(), writable: false);
        using Stream stream = compression switch
        {
            Deflated => new DeflateStream(packed, CompressionMode.Decompress),
            Zlib => new ZLibStream(packed, CompressionMode.Decompress),
            _ => throw table.Fault($"a block is compressed in way {compression}"),
        };
        var unpacked = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                unpacked.Write(buffer, 0, read);
                if (unpacked.Length > MostBytes)
                    throw table.Fault($"a block inflates to more than {MostBytes >> 20} MB");
            }
        }
        catch (InvalidDataException damage)
        {
            throw table.Fault($"a block cannot be inflated ({damage.Message.TrimEnd('.')})");
        }

        return unpacked.ToArray();
    }
}
