using System.Text;
using BatchScorer.Models;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>Model files written by hand, for steps and layouts that no golden case has.</summary>
internal sealed class TestModel
{
    private const string Chain = "TransformerChain";
    private const ulong DataViewMagic = 0x00425644004C4D43;

    private readonly List<(string Name, byte[] Content)> entries = [];
    private int steps;

    /// <param name="columns">The input schema: names, and codecs such as <c>Single</c> or <c>VBuffer 3 Single</c>.</param>
    public TestModel(params (string Name, string Codec)[] columns) => entries.Add(("Schema", Schema(columns)));

    private TestModel(IEnumerable<(string Name, byte[] Content)> first) => entries.AddRange(first);

    /// <summary>A model without a schema, which keeps the data loader that it was trained with in a folder.</summary>
    public static TestModel LoadedBy(string folder, TestComponent loader) =>
        new([("Model.key", new TestComponent("CompositeLoader", 0x00010001).ToBytes()), ($"{folder}/Model.key", loader.ToBytes())]);

    /// <summary>Adds a step whose components are in folders relative to it, its own in the empty one, or at a path of their own.</summary>
    public TestModel Step(params (string Path, TestComponent Component)[] components)
    {
        foreach (var (path, component) in components)
            entries.Add(($"{Chain}/Transform_{steps:000}/{(path.Contains('.') ? path : path.Length == 0 ? "Model.key" : $"{path}/Model.key")}", component.ToBytes()));
        steps++;
        return this;
    }

    public ModelFile ToFile()
    {
        var chain = new TestComponent("TransformerChain", 0x00010001).Int(steps);
        for (var i = 0; i < steps; i++)
            chain.Int(-1);
        return ModelFile.FromBytes("test.zip", TestZip.Of([.. entries, ($"{Chain}/Model.key", chain.ToBytes())]));
    }

    private static byte[] Schema((string Name, string Codec)[] columns)
    {
        var stream = new MemoryStream();
        var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(DataViewMagic);
        writer.Write(new byte[16]);
        writer.Write(256L);
        writer.Write(new byte[16]);
        writer.Write(columns.Length);
        writer.Write(new byte[256 - stream.Length]);
        foreach (var (name, codec) in columns)
        {
            writer.Write(name);
            WriteCodec(writer, codec);
            writer.Write(new byte[1 + 1 + 8 + 8]);
        }

        return stream.ToArray();
    }

    private static void WriteCodec(BinaryWriter writer, string codec)
    {
        var parts = codec.Split(' ');
        writer.Write(parts[0]);
        var parameters = new MemoryStream();
        var inner = new BinaryWriter(parameters);
        if (parts[0] == "VBuffer")
        {
            WriteCodec(inner, parts[2]);
            inner.Write(1);
            inner.Write(int.Parse(parts[1]));
        }

        writer.Write7BitEncodedInt((int)parameters.Length);
        writer.Write(parameters.ToArray());
    }
}
