using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>How most steps begin: which column each column is made from.</summary>
internal static class ColumnPairs
{
    /// <summary>Reads the pairs of a step that makes each output from one input.</summary>
    public static (string Output, string Input)[] Read(BlockReader block)
    {
        var pairs = new (string Output, string Input)[block.Count(2 * sizeof(int))];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = (block.Name(), block.Name());
        return pairs;
    }

    /// <summary>Makes all outputs from their inputs as they are now, and only then lets outputs hide columns of the same name.</summary>
    /// <param name="graph">Where the columns are.</param>
    /// <param name="pairs">The names.</param>
    /// <param name="make">Makes the column for a pair by its index.</param>
    public static void Define(ModelGraph graph, (string Output, string Input)[] pairs, Func<int, Kernel> make)
    {
        var columns = new Kernel[pairs.Length];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = make(i);
        for (var i = 0; i < columns.Length; i++)
            graph.Define(pairs[i].Output, columns[i]);
    }
}
