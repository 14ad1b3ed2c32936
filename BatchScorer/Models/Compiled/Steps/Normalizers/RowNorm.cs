using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Normalizers;

/// <summary>Each row of a vector scaled to a norm of its own (<c>GcnTransform</c>).</summary>
internal static class RowNorm
{
    private const uint WithoutFloatSize = 0x00010003;

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        if (step.Version < WithoutFloatSize)
            block.FloatSize();
        var pairs = ColumnPairs.Read(block);
        var columns = new Kernel[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
            columns[i] = Column(step, block, pairs[i].Output, graph.Column(step, pairs[i].Input));
        block.End();
        ColumnPairs.Define(graph, pairs, i => columns[i]);
    }

    private static ScaleToNorm Column(ModelKey step, BlockReader block, string name, Kernel source)
    {
        var subtractsMean = block.Boolean();
        var norm = (Norm)block.Byte();
        var scale = block.Single();
        if (source.Type is not { Kind: ValueKind.Single, IsVector: true })
            throw step.Fault($"it scales \"{source.Name}\", which is {source.Type} and not a vector of Single");
        if (!Enum.IsDefined(norm))
            throw step.Fault($"it knows no norm {(byte)norm}");
        if (!(scale > 0 && float.IsFinite(scale)))
            throw step.Fault($"it scales by {scale}");
        return new ScaleToNorm(name, source, norm, scale, subtractsMean);
    }
}
