using BatchScorer.Models.Compiled.Format;

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
}
