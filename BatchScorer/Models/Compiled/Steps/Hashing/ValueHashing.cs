using System.Numerics;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Hashing;

/// <summary>Values to keys by their hashes (<c>HashTransform</c>).</summary>
internal static class ValueHashing
{
    private const uint UsualHash = 0x00010003;
    private const uint Combining = 0x00010004;
    private const int MostBits = 31;

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var pairs = ColumnPairs.Read(block);
        var columns = new Kernel[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            var rule = new HashRule(block.Int32(), (uint)block.Int32(), block.Boolean(), step.Version < UsualHash);
            if (rule.Bits is < 1 or > MostBits)
                throw step.Fault($"it keeps {rule.Bits} bits of a hash");
            var combines = step.Version >= Combining && block.Boolean();
            columns[i] = Column(step, pairs[i].Output, graph.AnyColumn(step, pairs[i].Input), rule, combines);
        }

        block.End();
        ColumnPairs.Define(graph, pairs, i => columns[i]);
    }

    private static Kernel Column(ModelKey step, string name, Kernel source, HashRule rule, bool combines)
    {
        var isOne = combines && (source.Type.IsVector || source.IsRagged);
        return source.Type.Kind switch
        {
            ValueKind.Text when isOne => new HashRow(name, source, rule),
            ValueKind.Text when source.IsRagged => new HashTokens(name, source, rule),
            ValueKind.Text => new HashTexts(name, source, rule),
            _ when source.IsRagged => throw step.Unsupported($"hashes \"{source.Name}\", which has a different number of keys in each row"),
            ValueKind.Key => Values<uint, KeyHash>(name, source, rule, isOne),
            ValueKind.Boolean => Values<bool, BooleanHash>(name, source, rule, isOne),
            ValueKind.SByte => Integers<sbyte>(name, source, rule, isOne),
            ValueKind.Byte => Integers<byte>(name, source, rule, isOne),
            ValueKind.Int16 => Integers<short>(name, source, rule, isOne),
            ValueKind.UInt16 => Integers<ushort>(name, source, rule, isOne),
            ValueKind.Int32 => Integers<int>(name, source, rule, isOne),
            ValueKind.UInt32 => Integers<uint>(name, source, rule, isOne),
            ValueKind.Int64 => Values<long, LongHash<long>>(name, source, rule, isOne),
            ValueKind.UInt64 => Values<ulong, LongHash<ulong>>(name, source, rule, isOne),
            ValueKind.Single => Values<float, SingleHash>(name, source, rule, isOne),
            ValueKind.Double => Values<double, DoubleHash>(name, source, rule, isOne),
            _ => throw step.Unsupported($"hashes \"{source.Name}\", which is {source.Type}"),
        };
    }

    private static Kernel Integers<T>(string name, Kernel source, HashRule rule, bool isOne)
        where T : unmanaged, IBinaryInteger<T> => Values<T, IntegerHash<T>>(name, source, rule, isOne);

    private static Kernel Values<T, THash>(string name, Kernel source, HashRule rule, bool isOne)
        where T : unmanaged
        where THash : struct, IValueHash<T> => isOne ? new HashVector<T, THash>(name, source, rule) : new HashValues<T, THash>(name, source, rule);
}
