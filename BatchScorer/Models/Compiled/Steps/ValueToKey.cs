using System.Text;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Values to their numbers in a vocabulary (<c>TermTransform</c>, with its <c>TermManager</c>).</summary>
internal static class ValueToKey
{
    private const string Vocabulary = "Vocabulary";
    private const uint OtherTypesThanText = 0x00010003;
    private const uint WithoutFloatSize = 0x00010002;
    private const uint OtherVocabulariesThanText = 0x00010002;

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        if (step.Version < WithoutFloatSize)
            block.FloatSize();
        var pairs = ColumnPairs.Read(block);
        if (step.Version >= OtherTypesThanText)
            block.Take(pairs.Length); // whether slot names are texts
        block.End();

        var vocabulary = step.Below(Vocabulary);
        vocabulary.Expect(OtherVocabulariesThanText);
        var terms = vocabulary.Open();
        if (terms.Int32() != pairs.Length)
            throw vocabulary.Fault($"it is not for {pairs.Length} columns");
        var columns = new (string Name, Kernel Column)[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
            columns[i] = (pairs[i].Output, Column(vocabulary, terms, pairs[i].Output, graph.AnyColumn(step, pairs[i].Input)));
        terms.End();
        foreach (var (name, column) in columns)
            graph.Define(name, column);
    }

    private static Kernel Column(ModelKey step, BlockReader block, string name, Kernel source)
    {
        if (step.Version < OtherVocabulariesThanText || !block.Boolean())
            return Texts(step, block, name, source);

        if (source.IsRagged)
            throw step.Unsupported($"has numbers for \"{source.Name}\", which has a different number of values in each row");
        var codec = Codec.Read(block);
        var count = block.Int32();
        return codec.Type is { IsVector: false, Kind: var kind } && kind == source.Type.Kind
            ? kind switch
            {
                ValueKind.SByte => new LookUpValue<sbyte>(name, source, block.Values<sbyte>(count)),
                ValueKind.Byte => new LookUpValue<byte>(name, source, block.Values<byte>(count)),
                ValueKind.Int16 => new LookUpValue<short>(name, source, block.Values<short>(count)),
                ValueKind.UInt16 => new LookUpValue<ushort>(name, source, block.Values<ushort>(count)),
                ValueKind.Int32 => new LookUpValue<int>(name, source, block.Values<int>(count)),
                ValueKind.UInt32 => new LookUpValue<uint>(name, source, block.Values<uint>(count)),
                ValueKind.Int64 => new LookUpValue<long>(name, source, block.Values<long>(count)),
                ValueKind.UInt64 => new LookUpValue<ulong>(name, source, block.Values<ulong>(count)),
                ValueKind.Single => new LookUpValue<float>(name, source, block.Values<float>(count)),
                ValueKind.Double => new LookUpValue<double>(name, source, block.Values<double>(count)),
                ValueKind.Boolean => new LookUpValue<bool>(name, source, Bits(block, count)),
                _ => throw step.Unsupported($"has a vocabulary of type {codec.Name}"),
            }
            : throw step.Unsupported($"has a vocabulary of type {codec.Name} for \"{source.Name}\", which is {source.Type}");
    }

    private static Kernel Texts(ModelKey step, BlockReader block, string name, Kernel source)
    {
        if (source.Type.Kind != ValueKind.Text)
            throw step.Fault($"it has a vocabulary of texts for \"{source.Name}\", which is {source.Type}");
        var terms = new byte[block.Count(sizeof(int))][];
        for (var i = 0; i < terms.Length; i++)
            terms[i] = Encoding.UTF8.GetBytes(block.Name());
        return source.IsRagged ? new LookUpTokens(name, source, terms) : new LookUpText(name, source, terms);
    }

    private static bool[] Bits(BlockReader block, int count)
    {
        if (count is < 0 or > 2)
            throw block.Fault($"it has {count} different truth values");
        var packed = count == 0 ? (byte)0 : block.Byte();
        return [.. Enumerable.Range(0, count).Select(i => (packed >> i & 1) != 0)];
    }
}
