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
        var columns = pairs.Select(pair => (pair.Output, graph.AnyColumn(step, pair.Input))).ToArray();
        foreach (var (name, column) in columns)
            graph.Define(name, column);
    }

    public static void CompileSelect(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var isKeep = block.Boolean();
        block.Boolean(); // whether hidden columns are kept, which no name reaches
        block.Boolean(); // whether names that do not exist are allowed
        Select(block, graph, isKeep);
    }

    /// <summary>The choice of names as it was before ML.NET 0.8 (<c>DropColumnsTransform</c>).</summary>
    public static void CompileDrop(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        block.FloatSize();
        Select(block, graph, isKeep: block.Boolean());
    }

    /// <summary>The other one (<c>ChooseColumnsTransform</c>), which could also rename.</summary>
    public static void CompileChoose(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        block.FloatSize();
        block.Byte(); // whether hidden columns are kept
        var names = new HashSet<string>();
        for (var count = block.Count(2 * sizeof(int)); count > 0; count--)
        {
            var (name, source) = (block.Name(), block.Name());
            if (name != source)
                throw step.Unsupported($"renames \"{source}\" to \"{name}\"");
            names.Add(name);
            block.Byte(); // the same for this one
        }

        block.End();
        graph.Hide(name => !names.Contains(name));
    }

    private static void Select(BlockReader block, ModelGraph graph, bool isKeep)
    {
        var names = new HashSet<string>();
        for (var count = block.Count(sizeof(int)); count > 0; count--)
            names.Add(block.Name());
        block.End();
        graph.Hide(name => names.Contains(name) != isKeep);
    }
}
