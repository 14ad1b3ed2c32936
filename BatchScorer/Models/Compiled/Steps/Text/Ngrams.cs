using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>Sequences of keys to counts of the runs in them that the model knows (<c>NgramTransform</c>).</summary>
internal static class Ngrams
{
    private const uint WithoutFloatSize = 0x00010003;
    private const uint Weighted = 0x00010002;

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        if (step.Version < WithoutFloatSize)
            block.FloatSize();
        var pairs = ColumnPairs.Read(block);
        var columns = new Kernel[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
            columns[i] = Column(step, block, pairs[i].Output, graph.AnyColumn(step, pairs[i].Input));
        block.End();
        ColumnPairs.Define(graph, pairs, i => columns[i]);
    }

    private static CountNgrams Column(ModelKey step, BlockReader block, string name, Kernel source)
    {
        if (source.Type.Kind != ValueKind.Key || !(source.IsRagged || source.Type.IsVector))
            throw step.Fault($"it counts runs in \"{source.Name}\", which is {source.Type} and not a vector of keys");
        var shape = new NgramShape(block.Int32(), block.Int32());
        if (!shape.IsSound)
            throw step.Fault($"its runs are {shape.Length} long with {shape.Skips} skipped");
        var weighting = step.Version >= Weighted ? (NgramWeighting)block.Int32() : NgramWeighting.Count;
        if (!Enum.IsDefined(weighting))
            throw step.Fault($"it knows no weighting {(int)weighting}");
        var hasLength = new bool[shape.Length];
        for (var i = 0; i < hasLength.Length; i++)
            hasLength[i] = block.Boolean();
        var (tree, count) = ReadPool(step, block, hasLength);
        var weights = step.Version >= Weighted ? block.Array<double>() : [];
        if (count is 0 or > Codec.MaximumVectorLength)
            throw step.Unsupported($"makes a vector of {count:N0} runs");
        if (weighting != NgramWeighting.Count && weights.Length < count)
            throw step.Fault($"it has {weights.Length} weights for {count} runs");
        return new CountNgrams(name, source, tree, count, shape, weighting, weights);
    }

    /// <summary>Reads ML.NET's <c>SequencePool</c>: where each run begins, and then its keys as LEB128 numbers.</summary>
    private static (NgramTree Tree, int Count) ReadPool(ModelKey step, BlockReader block, bool[] hasLength)
    {
        var tree = new NgramTree();
        var count = block.Count(sizeof(int));
        var starts = block.Values<int>(count + 1);
        var keys = new uint[hasLength.Length];
        for (var slot = 0; slot < count; slot++)
        {
            if (starts[slot + 1] < starts[slot])
                throw step.Fault("its runs are not in order");
            var run = block.Slice(starts[slot + 1] - starts[slot]);
            var length = 0;
            for (; run.Remaining > 0 && length < keys.Length; length++)
                keys[length] = run.UnsignedLeb128();
            if (length > 0 && run.Remaining == 0 && hasLength[length - 1])
                tree.Add(keys.AsSpan(0, length), slot);
        }

        return (tree, count);
    }
}
