using BatchScorer.Models.Compiled.Format;

namespace BatchScorer.Models.Compiled.Predictors.Trees;

/// <summary>
/// A decision tree as it is in the file. A child that is not negative is a node, a negative one is the leaf of its complement.
/// </summary>
/// <param name="Lesser">Where a row goes whose feature is at most the threshold, node by node.</param>
/// <param name="Greater">Where any other row goes, NaN among them.</param>
/// <param name="Features">The feature a node looks at.</param>
/// <param name="Thresholds">What it is compared with.</param>
/// <param name="Missing">What stands for NaN at each node; null where nothing does.</param>
/// <param name="Categories">For a categorical node, the features of which one above 0 sends a row to the greater side; else null.</param>
/// <param name="Leaves">What each leaf adds to the score.</param>
internal sealed record Tree(
    int[] Lesser, int[] Greater, int[] Features, float[] Thresholds, float[]? Missing, int[]?[] Categories, double[] Leaves)
{
    /// <summary>Bytes the smallest tree takes in a file.</summary>
    public const int LeastLength = 57;

    private const byte Regression = 0;
    private const byte Quantile = 2;

    /// <summary>A tree that never split; it adds nothing.</summary>
    public bool IsEmpty => Lesser[0] == 0;

    public static Tree Read(BlockReader block, bool hasMissing, bool hasCategories, bool hasLabelWeights)
    {
        var kind = block.Byte();
        if (kind is not (Regression or Quantile))
            throw block.Fault($"it has a tree of kind {kind}");
        var leafCount = block.Int32();
        block.Double(); // largest output
        block.Double(); // weight: stored, but not part of the score
        var lesser = block.Array<int>();
        var greater = block.Array<int>();
        var features = block.Array<int>();
        var categories = hasCategories ? ReadCategories(block, lesser.Length) : new int[lesser.Length][];
        block.Array<uint>(); // thresholds as numbers of training bins
        var thresholds = block.Array<float>();
        var missing = hasMissing ? block.Array<float>() : [];
        var leaves = block.Array<double>();
        for (var informational = 0; informational < 3; informational++)
            block.Array<double>(); // gains, p-values, previous values
        if (kind == Quantile)
        {
            block.Array<double>(); // the labels seen at each leaf
            if (hasLabelWeights)
                block.Array<double>(); // and their weights
        }

        // What has room for more leaves than the tree grew is filled up with nothing.
        var nodeCount = leafCount - 1;
        if (leafCount < 2 || lesser.Length < nodeCount || greater.Length < nodeCount || features.Length < nodeCount
            || thresholds.Length < nodeCount || leaves.Length < leafCount || (missing.Length > 0 && missing.Length < nodeCount))
            throw block.Fault($"it has a tree of {leafCount} leaves and too few nodes");
        return new Tree(
            lesser[..nodeCount], greater[..nodeCount], features, thresholds, missing.All(value => value == 0) ? null : missing, categories, leaves[..leafCount]);
    }

    private static int[]?[] ReadCategories(BlockReader block, int nodeCount)
    {
        var categories = new int[]?[nodeCount];
        foreach (var node in block.Array<int>())
        {
            if ((uint)node >= (uint)nodeCount)
                throw block.Fault($"it has a tree of {nodeCount} nodes with a categorical split at node {node}");
            categories[node] = block.Array<int>();
            block.Values<int>(2); // the first and last feature
        }

        return categories;
    }
}
