using System.Text;

namespace BatchScorer.Benchmarks.Models;

/// <summary>
/// Writes a component of a model file, its <c>Model.key</c>: a header of 256 bytes, a block of the component's own, the strings
/// the block refers to, and the assembly that has the component. The layout is that of ML.NET's <c>ModelHeader</c>.
/// </summary>
internal sealed class Component
{
    public const string FileName = "Model.key";

    private const int HeaderLength = 256;
    private const int SignatureLength = 24;
    private const uint ContainerVersion = 0x00010002;

    private readonly string signature;
    private readonly byte[] mark;
    private readonly uint version;
    private readonly string assembly;
    private readonly List<string> strings = [];

    /// <param name="signature">ML.NET's loader signature.</param>
    /// <param name="mark">The 8 bytes by which its loader knows the block.</param>
    /// <param name="version">The version of the block's layout.</param>
    /// <param name="assembly">The assembly that has it.</param>
    public Component(string signature, ReadOnlySpan<byte> mark, uint version, string assembly = "Microsoft.ML.Data")
    {
        this.signature = signature;
        this.mark = mark.ToArray();
        this.version = version;
        this.assembly = $"{assembly}, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51";
    }

    /// <summary>The block, to be written to.</summary>
    public BinaryWriter Block { get; } = new(new MemoryStream());

    /// <summary>Adds a string to the block, or null.</summary>
    public void Write(string? text)
    {
        if (text is null)
        {
            Block.Write(-1);
            return;
        }

        var index = strings.IndexOf(text);
        if (index < 0)
        {
            index = strings.Count;
            strings.Add(text);
        }

        Block.Write(index);
    }

    /// <summary>The whole entry.</summary>
    public byte[] ToArray()
    {
        var characters = Encoding.Unicode.GetBytes(string.Concat(strings));
        var name = Encoding.Unicode.GetBytes(assembly);
        var blockLength = Block.BaseStream.Length;
        var tableStart = HeaderLength + blockLength;
        var tableLength = (long)strings.Count * sizeof(long);
        var nameStart = tableStart + tableLength + characters.Length;
        var tailStart = nameStart + name.Length;

        var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write("ML\0MODEL"u8);
        writer.Write(ContainerVersion);
        writer.Write(ContainerVersion); // and readable by it
        writer.Write((long)HeaderLength);
        writer.Write(blockLength);
        WriteSection(tableStart, tableLength);
        WriteSection(tableStart + tableLength, characters.Length);
        writer.Write(mark);
        writer.Write(version);
        writer.Write(version); // and readable by it
        writer.Write(Encoding.Latin1.GetBytes(signature.PadRight(SignatureLength, '\0')));
        writer.Write(new byte[SignatureLength]); // no other signature
        writer.Write(tailStart);
        writer.Write(tailStart + sizeof(long));
        writer.Write(nameStart);
        writer.Write(name.Length);
        writer.Write(new byte[HeaderLength - content.Length]);

        ((MemoryStream)Block.BaseStream).WriteTo(content);
        var end = 0L;
        foreach (var text in strings)
            writer.Write(end += text.Length * sizeof(char));
        writer.Write(characters);
        writer.Write(name);
        writer.Write("LEDOM\0LM"u8);
        return content.ToArray();

        void WriteSection(long start, long length)
        {
            writer.Write(strings.Count == 0 ? 0L : start);
            writer.Write(length);
        }
    }
}
