using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Steps that only give and take names: copies of columns (<c>CopyTransform</c>) and choices of them (<c>SelectColumnsTransform</c>).</summary>
internal static class ColumnNames
{
    public static void CompileCopy(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var pairs = ColumnPairs.Read(block);
        block.End();
        var columns = pairs.Select(pair => (pair.Output, graph.Column(step, pair.Input))).ToArray();
        foreach (var (name, column) in columns)
            graph.Define(name, column);
    }

    public static void CompileSelect(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var isKeep = block.Boolean();
        block.Boolean(); // whether hidden columns are kept, which no name reaches
        block.Boolean(); // whether names that do not exist are allowed
        var names = new HashSet<string>();
        for (var count = block.Count(sizeof(int)); count > 0; count--)
            names.Add(block.Name());
        block.End();
        graph.Hide(name => names.Contains(name) != isKeep);
    }
}
