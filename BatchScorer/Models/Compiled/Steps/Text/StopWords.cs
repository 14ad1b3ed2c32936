using System.Text;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>Words without those of a list in the model (<c>CustomStopWords</c>).</summary>
internal static class StopWords
{
    /// <summary>The signature of the component that is there for the list.</summary>
    public const string ListSignature = "CustomStopWordsManager";

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        // The list has a component of its own, and ML.NET writes its words into this one all the same.
        var block = step.Open();
        var pairs = ColumnPairs.Read(block);
        var stopWords = new byte[block.Count(sizeof(int))][];
        for (var i = 0; i < stopWords.Length; i++)
            stopWords[i] = Encoding.UTF8.GetBytes(block.Name());
        block.End();
        ColumnPairs.Define(graph, pairs, i => Column(step, pairs[i].Output, graph.AnyColumn(step, pairs[i].Input), new Vocabulary(stopWords)));
    }

    private static RemoveWords Column(ModelKey step, string name, Kernel source, Vocabulary words) =>
        source.Type.Kind == ValueKind.Text && (source.IsRagged || source.Type.IsVector)
            ? new RemoveWords(name, source, words)
            : throw step.Fault($"it removes words from \"{source.Name}\", which is {source.Type} and not a vector of texts");
}
