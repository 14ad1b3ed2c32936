namespace BatchScorer.Benchmarks.Models;

/// <summary>
/// Writes a schema as ML.NET does: a data file in its IDV format that has columns and no rows. The layout is in ML.NET's
/// <c>docs/code/IdvFileFormat.md</c>.
/// </summary>
internal sealed class SchemaFile
{
    private const long HeaderLength = 256;
    private const ulong Version = 0x0001000100010006;

    private int count;

    private BinaryWriter Columns { get; } = new(new MemoryStream());

    public void AddNumber(string name) => Add(name, "Single", []);

    public void AddText(string name) => Add(name, "TextSpan", []);

    public void AddVector(string name, int length)
    {
        var parameters = new MemoryStream();
        using var vector = new BinaryWriter(parameters);
        vector.Write("Single");
        vector.Write((byte)0); // which has no parameters
        vector.Write(1); // dimension
        vector.Write(length);
        Add(name, "VBuffer", parameters.ToArray());
    }

    /// <summary>The file with the columns so far.</summary>
    public byte[] ToArray()
    {
        var content = new MemoryStream();
        using var header = new BinaryWriter(content);
        header.Write("CML\0DVB\0"u8);
        header.Write(Version);
        header.Write(Version); // and readable by it
        header.Write(HeaderLength); // where the columns are
        header.Write(HeaderLength + Columns.BaseStream.Length); // where the tail is
        header.Write(0L); // rows
        header.Write(count);
        header.Write(new byte[HeaderLength - content.Length]);
        ((MemoryStream)Columns.BaseStream).WriteTo(content);
        header.Write("\0BVD\0LMC"u8);
        return content.ToArray();
    }

    private void Add(string name, string codec, byte[] parameters)
    {
        Columns.Write(name);
        Columns.Write(codec);
        Columns.Write7BitEncodedInt(parameters.Length);
        Columns.Write(parameters);
        Columns.Write((byte)1); // compressed with deflate
        Columns.Write7BitEncodedInt(1); // rows a block
        Columns.Write(HeaderLength); // where the blocks would be
        Columns.Write(0L); // no annotations
        count++;
    }
}
