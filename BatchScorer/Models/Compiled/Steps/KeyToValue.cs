using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Keys back to what they stand for (<c>KeyToValueTransform</c>).</summary>
internal static class KeyToValue
{
    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var pairs = ColumnPairs.Read(block);
        block.End();
        var columns = pairs.Select(pair => (pair.Output, Column(step, pair.Output, graph.Column(step, pair.Input)))).ToArray();
        foreach (var (name, column) in columns)
            graph.Define(name, column);
    }

    private static Kernel Column(ModelKey step, string name, Kernel source) => source.KeyValues?.Values switch
    {
        byte[][] texts => new KeyTexts(name, source, texts),
        float[] values => new KeyNumbers<float>(name, ValueKind.Single, source, values, float.NaN),
        double[] values => new KeyNumbers<double>(name, ValueKind.Double, source, values, double.NaN),
        sbyte[] values => new KeyNumbers<sbyte>(name, ValueKind.SByte, source, values, 0),
        byte[] values => new KeyNumbers<byte>(name, ValueKind.Byte, source, values, 0),
        short[] values => new KeyNumbers<short>(name, ValueKind.Int16, source, values, 0),
        ushort[] values => new KeyNumbers<ushort>(name, ValueKind.UInt16, source, values, 0),
        int[] values => new KeyNumbers<int>(name, ValueKind.Int32, source, values, 0),
        uint[] values => new KeyNumbers<uint>(name, ValueKind.UInt32, source, values, 0),
        long[] values => new KeyNumbers<long>(name, ValueKind.Int64, source, values, 0),
        ulong[] values => new KeyNumbers<ulong>(name, ValueKind.UInt64, source, values, 0),
        bool[] values => new KeyNumbers<bool>(name, ValueKind.Boolean, source, values, false),
        _ => throw step.Unsupported($"wants what the keys of \"{source.Name}\" ({source.Type}) stand for, which is not known"),
    };
}
