using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>Texts to the words between separators (<c>TokenizeTextTransform</c>).</summary>
internal static class WordTokenizer
{
    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var pairs = ColumnPairs.Read(block);
        var separators = new char[pairs.Length][];
        for (var i = 0; i < separators.Length; i++)
        {
            separators[i] = [.. block.Array<ushort>().Select(code => (char)code)];
            if (separators[i].Length == 0)
                throw step.Fault("it has no separators");
            if (separators[i].Any(char.IsSurrogate))
                throw step.Unsupported("separates by half of a character");
        }

        block.End();
        ColumnPairs.Define(graph, pairs, i => Column(step, pairs[i].Output, graph.AnyColumn(step, pairs[i].Input), separators[i]));
    }

    private static SplitWords Column(ModelKey step, string name, Kernel source, char[] separators) => source.Type.Kind == ValueKind.Text
        ? new SplitWords(name, source, separators)
        : throw step.Fault($"it splits \"{source.Name}\", which is {source.Type} and not text");
}
