using System.Numerics;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Keys to their binary digits (<c>KeyToBinaryTransform</c>).</summary>
internal static class KeyToBinary
{
    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var pairs = ColumnPairs.Read(block);
        block.End();
        ColumnPairs.Define(graph, pairs, i => Column(step, pairs[i].Output, graph.Column(step, pairs[i].Input)));
    }

    private static BitsOfKeys Column(ModelKey step, string name, Kernel source)
    {
        if (source.Type.Kind != ValueKind.Key || source.KeyCount is 0 or > uint.MaxValue)
            throw step.Fault($"it makes digits of \"{source.Name}\", which is {source.Type} and not a key of known range");

        // One more digit than the largest key has, so that no key is all ones.
        var bits = BitOperations.Log2(source.KeyCount) + 2;
        return source.Type.Width <= Codec.MaximumVectorLength / bits
            ? new BitsOfKeys(name, source, bits)
            : throw step.Unsupported($"makes {bits} digits of each of {source.Type.Width:N0} keys");
    }
}
