using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>Sequences of keys to counts of the runs in them by their hashes (<c>NgramHashTransform</c>).</summary>
internal static class NgramHashing
{
    private const uint NamesBesideRules = 0x00010003;
    private const int MostBits = 30;

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var isOld = step.Version < NamesBesideRules;
        if (isOld)
            block.FloatSize();
        var columns = new (string Name, string[] Sources, Kernel? Column)[block.Count(2 * sizeof(int))];
        for (var i = 0; isOld && i < columns.Length; i++)
            columns[i] = (block.Name(), Names(block), null);
        for (var i = 0; i < columns.Length; i++)
        {
            if (!isOld)
            {
                var sources = Names(block);
                columns[i] = (block.Name(), sources, null);
            }

            columns[i].Column = Column(step, block, columns[i].Name, [.. columns[i].Sources.Select(source => graph.AnyColumn(step, source))]);
        }

        block.End();
        foreach (var (name, _, column) in columns)
            graph.Define(name, column!);
    }

    private static string[] Names(BlockReader block)
    {
        var names = new string[block.Count(sizeof(int))];
        for (var i = 0; i < names.Length; i++)
            names[i] = block.Name();
        return names;
    }

    private static HashNgrams Column(ModelKey step, BlockReader block, string name, Kernel[] sources)
    {
        if (sources.FirstOrDefault(source => source.Type.Kind != ValueKind.Key || !(source.IsRagged || source.Type.IsVector)) is { } other)
            throw step.Fault($"it counts runs in \"{other.Name}\", which is {other.Type} and not a vector of keys");
        var rule = new NgramHashRule(
            new NgramShape(block.Int32(), block.Int32()), block.Int32(), (uint)block.Int32(), block.Boolean(), block.Boolean(), block.Boolean());
        if (!rule.Shape.IsSound)
            throw step.Fault($"its runs are {rule.Shape.Length} long with {rule.Shape.Skips} skipped");
        if (rule.Bits is < 1 or > MostBits)
            throw step.Fault($"it keeps {rule.Bits} bits of a hash");
        if (1 << rule.Bits > Codec.MaximumVectorLength)
            throw step.Unsupported($"makes vectors of {1 << rule.Bits:N0} slots, more than {Codec.MaximumVectorLength:N0}");
        return new HashNgrams(name, sources, rule);
    }
}
