namespace BatchScorer.Benchmarks.Models;

/// <summary>
/// A random decision tree, grown leaf by leaf as FastTree grows its own. A split always cuts through what can still reach its
/// node, so that every leaf is reached by some row.
/// </summary>
internal sealed class RandomTree
{
    private readonly int[] lesser;
    private readonly int[] greater;
    private readonly int[] features;
    private readonly float[] thresholds;
    private readonly double[] outputs;

    private RandomTree(int leaves)
    {
        (lesser, greater, features) = (new int[leaves - 1], new int[leaves - 1], new int[leaves - 1]);
        thresholds = new float[leaves - 1];
        outputs = new double[leaves];
    }

    /// <summary>Grows a tree for a model's features: its numbers, then a slot for each value of each category.</summary>
    /// <param name="model">The model.</param>
    /// <param name="leaves">Leaves of the tree, 2 at least.</param>
    /// <param name="greatest">Its answers lie between this and its opposite.</param>
    /// <param name="random">Where chance comes from.</param>
    public static RandomTree Grow(SyntheticModel model, int leaves, double greatest, Random random)
    {
        var tree = new RandomTree(leaves);
        var regions = new List<Region> { Region.Whole(model) };
        var parents = new List<(int Node, bool IsGreater)> { (-1, false) };
        for (var node = 0; node < tree.lesser.Length; node++)
        {
            var leaf = LeafToSplit(regions, random);
            var (feature, threshold) = regions[leaf].RandomSplit(random);
            tree.Attach(parents[leaf], node);
            (tree.features[node], tree.thresholds[node]) = (feature, threshold);
            (regions[leaf], var other) = regions[leaf].Cut(feature, threshold);
            regions.Add(other);
            parents[leaf] = (node, false);
            parents.Add((node, true));
        }

        for (var leaf = 0; leaf < regions.Count; leaf++)
        {
            tree.Attach(parents[leaf], ~leaf);
            tree.outputs[leaf] = (random.NextDouble() * 2 - 1) * greatest;
        }

        return tree;
    }

    /// <summary>Writes it as ML.NET's <c>InternalRegressionTree</c> does.</summary>
    public void Write(BinaryWriter block)
    {
        block.Write((byte)0); // a regression tree
        block.Write(outputs.Length);
        block.Write(outputs.Max());
        block.Write(1d); // weight
        Write(block, lesser, block.Write);
        Write(block, greater, block.Write);
        Write(block, features, block.Write);
        block.Write(0); // categorical splits
        block.Write(0); // thresholds as numbers of training bins
        Write(block, thresholds, block.Write);
        block.Write(0); // what stands for missing values
        Write(block, outputs, block.Write);
        Write(block, new double[lesser.Length], block.Write); // gains, which ML.NET wants to have
        block.Write(0); // p-values
        block.Write(0); // previous values
    }

    // What trained trees have in common: some branches are much deeper than others, as deep as in the demo's model.
    private static int LeafToSplit(List<Region> regions, Random random)
    {
        var (one, other) = (random.Next(regions.Count), random.Next(regions.Count));
        return random.Next(2) == 0 && regions[other].Depth > regions[one].Depth ? other : one;
    }

    private static void Write<T>(BinaryWriter block, T[] values, Action<T> write)
    {
        block.Write(values.Length);
        foreach (var value in values)
            write(value);
    }

    private void Attach((int Node, bool IsGreater) parent, int child)
    {
        if (parent.Node >= 0)
            (parent.IsGreater ? greater : lesser)[parent.Node] = child;
    }
}
