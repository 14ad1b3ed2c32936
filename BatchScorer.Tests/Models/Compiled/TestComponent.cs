using System.Text;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>One <c>Model.key</c>: a block that is written value by value, with its string table.</summary>
internal sealed class TestComponent(string signature, uint version)
{
    private readonly List<byte> block = [];
    private readonly List<string> strings = [];

    public TestComponent Int(int value) => Bytes(BitConverter.GetBytes(value));

    public TestComponent Float(float value) => Bytes(BitConverter.GetBytes(value));

    public TestComponent Double(double value) => Bytes(BitConverter.GetBytes(value));

    public TestComponent Byte(byte value) => Bytes([value]);

    public TestComponent Char(char value) => Bytes(BitConverter.GetBytes((short)value));

    public TestComponent Floats(params float[] values)
    {
        Int(values.Length);
        foreach (var value in values)
            Float(value);
        return this;
    }

    public TestComponent Ints(params int[] values)
    {
        Int(values.Length);
        foreach (var value in values)
            Int(value);
        return this;
    }

    public TestComponent Doubles(params double[] values)
    {
        Int(values.Length);
        foreach (var value in values)
            Double(value);
        return this;
    }

    public TestComponent String(string value)
    {
        strings.Add(value);
        return Int(strings.Count - 1);
    }

    /// <summary>Pairs of output and input names.</summary>
    public TestComponent Pairs(params (string Output, string Input)[] pairs)
    {
        Int(pairs.Length);
        foreach (var (output, input) in pairs)
            String(output).String(input);
        return this;
    }

    public byte[] ToBytes()
    {
        var characters = strings.SelectMany(Encoding.Unicode.GetBytes).ToArray();
        var stream = new MemoryStream();
        var writer = new BinaryWriter(stream);
        long strings0 = 256 + block.Count, characters0 = strings0 + strings.Count * sizeof(long);
        writer.Write(0x4C45444F4D004C4DUL);
        writer.Write(0x0001000200010002UL);
        writer.Write(256L);
        writer.Write((long)block.Count);
        writer.Write(strings.Count == 0 ? 0L : strings0);
        writer.Write((long)strings.Count * sizeof(long));
        writer.Write(strings.Count == 0 ? 0L : characters0);
        writer.Write((long)characters.Length);
        writer.Write(0UL);
        writer.Write(version);
        writer.Write(version);
        writer.Write(Encoding.Latin1.GetBytes(signature.PadRight(24, '\0')));
        writer.Write(new byte[256 - stream.Length]);
        writer.Write(block.ToArray());
        long end = 0;
        foreach (var value in strings)
            writer.Write(end += value.Length * sizeof(char));
        writer.Write(characters);
        return stream.ToArray();
    }

    private TestComponent Bytes(byte[] bytes)
    {
        block.AddRange(bytes);
        return this;
    }
}
