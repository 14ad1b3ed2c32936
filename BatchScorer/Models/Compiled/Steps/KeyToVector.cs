using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Keys to vectors with a slot for each key (<c>KeyToVectorTransform</c>): one-hot, or counts of them in a bag.</summary>
internal static class KeyToVector
{
    private const uint WithoutFloatSize = 0x00010002;

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        if (step.Version < WithoutFloatSize)
            block.FloatSize();
        var pairs = ColumnPairs.Read(block);
        var bags = new bool[pairs.Length];
        for (var i = 0; i < bags.Length; i++)
            bags[i] = block.Boolean();
        block.End();

        var columns = pairs.Select((pair, i) => (pair.Output, Column(step, pair.Output, graph.AnyColumn(step, pair.Input), bags[i]))).ToArray();
        foreach (var (name, column) in columns)
            graph.Define(name, column);
    }

    private static Kernel Column(ModelKey step, string name, Kernel source, bool isBag)
    {
        if (source.Type.Kind != ValueKind.Key || source.KeyCount == 0)
            throw step.Fault($"it makes a vector of \"{source.Name}\", which is {source.Type} and not a key of known range");
        var isCount = isBag && (source.Type.IsVector || source.IsRagged);
        if (source.IsRagged && !isCount)
            throw step.Unsupported($"makes a vector of \"{source.Name}\", which has a different number of keys in each row");
        var copies = isCount ? 1UL : (ulong)source.Type.Width;
        if (source.KeyCount > Codec.MaximumVectorLength / copies)
            throw step.Unsupported($"makes vectors of {source.KeyCount:N0} slots a key, more than {Codec.MaximumVectorLength:N0} in all");
        var keyCount = (int)source.KeyCount;
        return isCount
            ? new BagOfKeys(name, source, keyCount)
            : new IndicatorOfKeys(name, source, keyCount);
    }
}
