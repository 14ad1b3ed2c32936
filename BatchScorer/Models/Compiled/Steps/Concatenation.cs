using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Columns side by side in one vector (<c>ConcatTransform</c>).</summary>
internal static class Concatenation
{
    private const uint AliasesKept = 0x00010003;

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        if (step.Version < AliasesKept)
            throw step.Unsupported("is written in a layout from before ML.NET 1.0");
        var block = step.Open();
        var outputs = new (string Name, Kernel[] Sources)[block.Count(2 * sizeof(int))];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = (block.Name(), new Kernel[block.Count(2 * sizeof(int))]);
            for (var j = 0; j < outputs[i].Sources.Length; j++)
            {
                outputs[i].Sources[j] = graph.Column(step, block.Name());
                block.StringOrNull(); // alias, for slot names
            }
        }

        block.End();
        foreach (var (name, sources) in outputs)
            graph.Define(name, Concatenate(step, name, sources));
    }

    private static Kernel Concatenate(ModelKey step, string name, Kernel[] sources)
    {
        if (sources.Length == 0)
            throw step.Fault($"\"{name}\" is made from no columns");
        if (sources.Length == 1 && sources[0].Type.IsVector)
            return sources[0];

        var kind = sources[0].Type.Kind;
        if (sources.FirstOrDefault(source => source.Type.Kind != kind) is { } other)
            throw step.Fault($"\"{name}\" is made from columns of types {kind} and {other.Type.Kind}");
        var width = sources.Sum(source => (long)source.Type.Width);
        if (width > Codec.MaximumVectorLength)
            throw step.Unsupported($"makes vectors of {width:N0} values, more than {Codec.MaximumVectorLength:N0}");
        var type = new ColumnType(kind, (int)width);
        return kind switch
        {
            ValueKind.Boolean => new Concatenate<bool>(name, type, sources),
            ValueKind.SByte => new Concatenate<sbyte>(name, type, sources),
            ValueKind.Byte => new Concatenate<byte>(name, type, sources),
            ValueKind.Int16 => new Concatenate<short>(name, type, sources),
            ValueKind.UInt16 => new Concatenate<ushort>(name, type, sources),
            ValueKind.Int32 => new Concatenate<int>(name, type, sources),
            ValueKind.UInt32 => new Concatenate<uint>(name, type, sources),
            ValueKind.Int64 => new Concatenate<long>(name, type, sources),
            ValueKind.UInt64 => new Concatenate<ulong>(name, type, sources),
            ValueKind.Single => new Concatenate<float>(name, type, sources),
            ValueKind.Double => new Concatenate<double>(name, type, sources),
            _ => throw step.Unsupported($"makes \"{name}\" from columns of type {kind}"),
        };
    }
}
