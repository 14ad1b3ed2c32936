using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Vectors without some of their slots (<c>DropSlotsTransform</c>), as the selection of features leaves them.</summary>
internal static class SlotSelection
{
    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var pairs = ColumnPairs.Read(block);
        var columns = new Kernel[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            var first = block.Array<int>();
            var last = block.Values<int>(first.Length);
            for (var range = 0; range < first.Length; range++)
            {
                if (first[range] < 0 || last[range] < first[range] || (range > 0 && first[range] <= last[range - 1]))
                    throw step.Fault("the ranges of slots it drops are not in order");
            }

            columns[i] = Column(step, pairs[i].Output, graph.Column(step, pairs[i].Input), first, last);
        }

        block.End();
        ColumnPairs.Define(graph, pairs, i => columns[i]);
    }

    private static Kernel Column(ModelKey step, string name, Kernel source, int[] first, int[] last)
    {
        var kept = new List<int>();
        for (int slot = 0, range = 0; slot < source.Type.Width; slot++)
        {
            while (range < last.Length && last[range] < slot)
                range++;
            if (range == last.Length || slot < first[range])
                kept.Add(slot);
        }

        if (source.Type.VectorLength == 1)
            kept.Clear(); // ML.NET leaves nothing of a vector of one slot, whatever is dropped
        else if (kept.Count == source.Type.Width)
            return source;
        var type = source.Type with { VectorLength = source.Type.IsVector ? Math.Max(1, kept.Count) : 0 };
        return source.Type.Kind switch
        {
            ValueKind.Single => new SelectSlots<float>(name, type, source, [.. kept]),
            ValueKind.Double => new SelectSlots<double>(name, type, source, [.. kept]),
            ValueKind.Key => new SelectSlots<uint>(name, type, source, [.. kept]),
            _ => throw step.Unsupported($"drops slots of \"{source.Name}\", which is {source.Type}"),
        };
    }
}
