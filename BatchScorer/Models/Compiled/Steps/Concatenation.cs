using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Columns side by side in one vector (<c>ConcatTransform</c>).</summary>
internal static class Concatenation
{
    private const uint AliasesBesideNames = 0x00010003;
    private const uint AliasesAtEnd = 0x00010002;
    private const int EndOfAliases = -1;

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        if (step.Version < AliasesBesideNames)
            block.FloatSize();
        var outputs = new (string Name, Kernel[] Sources)[block.Count(2 * sizeof(int))];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = (block.Name(), new Kernel[block.Count(sizeof(int))]);
            for (var j = 0; j < outputs[i].Sources.Length; j++)
            {
                outputs[i].Sources[j] = graph.AnyColumn(step, block.Name());
                if (step.Version >= AliasesBesideNames)
                    block.StringOrNull(); // alias, for slot names
            }
        }

        for (var i = 0; i < outputs.Length && step.Version < AliasesBesideNames && step.ReadableVersion >= AliasesAtEnd; i++)
        {
            while (block.Int32() != EndOfAliases)
                block.Name();
        }

        block.End();
        foreach (var (name, sources) in outputs)
            graph.Define(name, Concatenate(step, name, sources));
    }

    private static Kernel Concatenate(ModelKey step, string name, Kernel[] sources)
    {
        if (sources.Length == 0)
            throw step.Fault($"\"{name}\" is made from no columns");
        if (sources.Length == 1 && (sources[0].Type.IsVector || sources[0].IsRagged))
            return sources[0];

        var kind = sources[0].Type.Kind;
        if (sources.FirstOrDefault(source => source.Type.Kind != kind) is { } other)
            throw step.Fault($"\"{name}\" is made from columns of types {kind} and {other.Type.Kind}");
        var width = sources.Sum(source => (long)source.Type.Width);
        if (width > Codec.MaximumVectorLength)
            throw step.Unsupported($"makes vectors of {width:N0} values, more than {Codec.MaximumVectorLength:N0}");
        var type = new ColumnType(kind, (int)width);
        if (sources.Any(source => source.IsRagged))
            return kind == ValueKind.Text ? new ConcatenateTokens(name, sources) : throw step.Unsupported($"makes \"{name}\" from columns that have a different number of values in each row");
        return kind switch
        {
            ValueKind.Text => new ConcatenateTexts(name, type, sources),
            ValueKind.Single when sources.Any(source => source.IsSparse) => new ConcatenateSparse(name, type.VectorLength, sources),
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
