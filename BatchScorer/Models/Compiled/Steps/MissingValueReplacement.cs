using System.Numerics;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Something in place of NaN (<c>NAReplaceTransform</c>).</summary>
internal static class MissingValueReplacement
{
    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var pairs = ColumnPairs.Read(block);
        var columns = new (string Name, Kernel Column)[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
            columns[i] = (pairs[i].Output, Column(step, block, pairs[i].Output, graph.Column(step, pairs[i].Input)));
        block.End();
        foreach (var (name, column) in columns)
            graph.Define(name, column);
    }

    private static Kernel Column(ModelKey step, BlockReader block, string name, Kernel source)
    {
        var codec = Codec.Read(block);
        if (codec.Type is not { } type || type.Kind != source.Type.Kind)
            throw step.Unsupported($"replaces values of \"{source.Name}\" ({source.Type}) by one of type {codec.Name}");
        return type.Kind switch
        {
            ValueKind.Single => new ReplaceMissing<float>(name, source, Replacements<float>(block, type, source.Type)),
            ValueKind.Double => new ReplaceMissing<double>(name, source, Replacements<double>(block, type, source.Type)),
            _ => throw step.Unsupported($"replaces values of type {type}"),
        };
    }

    /// <summary>Reads the replacement for each slot of a row.</summary>
    private static T[] Replacements<T>(BlockReader block, ColumnType type, ColumnType source)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!type.IsVector)
        {
            var replacements = new T[source.Width];
            Array.Fill(replacements, block.Values<T>(1)[0]);
            return replacements;
        }

        var values = VectorValue.Read<T>(block);
        return values.Length == source.Width ? values : throw block.Fault($"it has {values.Length} replacements for a {source}");
    }
}
