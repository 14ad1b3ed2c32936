using System.Buffers.Binary;
using BatchScorer.Errors;

namespace BatchScorer.Models.Compiled.Format;

/// <summary>
/// Reads what columns a data file in ML.NET's IDV format has, of which a model keeps some without rows.
/// The layout is in ML.NET's <c>docs/code/IdvFileFormat.md</c>.
/// </summary>
internal static class DataViewSchema
{
    private const ulong Magic = 0x00425644004C4D43;
    private const int HeaderLength = 256;

    /// <summary>The columns of a data view.</summary>
    /// <param name="file">The model file, for messages.</param>
    /// <param name="entry">The zip entry, for messages.</param>
    /// <param name="content">What the entry holds.</param>
    /// <exception cref="BatchScorerException">It is damaged.</exception>
    public static IReadOnlyList<SchemaColumn> Read(string file, string entry, ReadOnlyMemory<byte> content)
    {
        if (content.Length < HeaderLength || BinaryPrimitives.ReadUInt64LittleEndian(content.Span) != Magic)
            throw ModelFault.Corrupt(file, entry, "it does not begin as an ML.NET data view does");

        var header = new BlockReader(file, entry, content[24..HeaderLength], []);
        var contents = header.Int64();
        header.Take(16);
        var count = header.Int32();
        if (count == 0)
            return [];
        if (contents < HeaderLength || contents > content.Length)
            throw ModelFault.Corrupt(file, entry, "its table of contents lies outside the file");

        var table = new BlockReader(file, entry, content[(int)contents..], []);
        if (count < 0 || count > table.Remaining)
            throw table.Fault($"it announces {count} columns in {table.Remaining} bytes");
        var columns = new SchemaColumn[count];
        for (var i = 0; i < count; i++)
        {
            var name = table.Utf8();
            var type = Codec.Read(table);
            table.Byte(); // compression
            table.Leb128(); // rows a block
            table.Int64(); // where the blocks are
            columns[i] = new SchemaColumn(name, type) { Annotations = table.Int64() };
        }

        return columns;
    }
}
