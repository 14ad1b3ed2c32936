using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>Texts to their characters, whose keys are their UTF-16 codes (<c>CharToken</c>).</summary>
internal static class CharacterTokenizer
{
    private const uint OneSeparator = 0x00010002;

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var pairs = ColumnPairs.Read(block);
        var hasMarkers = block.Boolean();
        var marksEachText = step.ReadableVersion < OneSeparator || block.Boolean();
        block.End();
        ColumnPairs.Define(graph, pairs, i => Column(step, pairs[i].Output, graph.AnyColumn(step, pairs[i].Input), hasMarkers, marksEachText));
    }

    private static SplitCharacters Column(ModelKey step, string name, Kernel source, bool hasMarkers, bool marksEachText)
    {
        if (source.Type.Kind != ValueKind.Text)
            throw step.Fault($"it splits \"{source.Name}\", which is {source.Type} and not text");
        return new SplitCharacters(name, source, hasMarkers, marksEachText || !(source.IsRagged || source.Type.IsVector));
    }
}
