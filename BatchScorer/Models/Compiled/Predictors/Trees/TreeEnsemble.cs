using BatchScorer.Models.Compiled.Format;

namespace BatchScorer.Models.Compiled.Predictors.Trees;

/// <summary>A node as its leaves see it: a row whose feature is above the threshold, or NaN, cannot end in those of its lesser side.</summary>
/// <param name="Threshold">What the feature is compared with.</param>
/// <param name="Remaining">The leaves of one <see cref="LeafGroup"/> that such a row may still end in, a bit each.</param>
/// <param name="Column">The feature's column in the <see cref="FeatureMatrix"/>.</param>
internal readonly record struct Split(float Threshold, int Remaining, int Column);

/// <summary>Neighbouring leaves of one tree, at most as many as an integer has bits, and the nodes that tell them from each other.</summary>
/// <param name="FirstSplit">The first of their splits.</param>
/// <param name="EndSplit">The one after the last.</param>
/// <param name="FirstLeaf">The leaf of the lowest bit.</param>
/// <param name="BeginsTree">Whether they are the first to be looked at of their tree, which are its last leaves.</param>
/// <param name="EndsTree">Whether they are the last to be looked at of their tree, which are its first leaves.</param>
internal readonly record struct LeafGroup(int FirstSplit, int EndSplit, int FirstLeaf, bool BeginsTree, bool EndsTree);

/// <summary>
/// Trees laid out to be scored without branches, by the method of QuickScorer (Lucchese et al., SIGIR 2015): with the leaves
/// in their order, lesser sides first, each node that a row does not pass to the lesser side rules out the leaves there, and of
/// those that remain the row is in the first. Which nodes the row really comes by does not matter, nor does their order.
/// </summary>
/// <param name="Splits">The nodes of all trees, once for each group of leaves that they rule out some of.</param>
/// <param name="Groups">The leaves of all trees, tree after tree, within a tree the last ones first.</param>
/// <param name="Leaves">What each leaf adds to the score.</param>
internal sealed record TreeEnsemble(Split[] Splits, LeafGroup[] Groups, double[] Leaves)
{
    private const int GroupSize = 32;

    /// <summary>Splits that are laid out, at most: 200 MB. A chain of nodes has as many as the square of its leaves.</summary>
    private const int MostSplits = 1 << 24;

    /// <summary>Lays out trees and checks that they are trees: each node reached once, each feature there.</summary>
    /// <param name="predictor">For messages.</param>
    /// <param name="trees">The trees.</param>
    /// <param name="features">Where the columns are collected that nodes refer to.</param>
    public static TreeEnsemble Build(ModelKey predictor, IReadOnlyList<Tree> trees, FeatureMatrixBuilder features)
    {
        var splits = new List<Split>();
        var groups = new List<LeafGroup>();
        var leaves = new List<double>();
        foreach (var tree in trees.Where(tree => !tree.IsEmpty))
        {
            var first = leaves.Count;
            var ruledOut = Walk(predictor, tree, leaves);
            var ofGroups = new List<Split>[(leaves.Count - first + GroupSize - 1) / GroupSize];
            var count = splits.Count;
            foreach (var (node, from, to) in ruledOut)
            {
                var (column, threshold) = features.Split(predictor, tree, node);
                for (var group = from / GroupSize; group <= (to - 1) / GroupSize; group++)
                {
                    if (++count > MostSplits)
                        throw predictor.Unsupported("has trees of many leaves that are too lopsided");
                    var ruled = Bits(from - group * GroupSize, to - group * GroupSize);
                    (ofGroups[group] ??= []).Add(new Split(threshold, (int)~ruled, column));
                }
            }

            for (var group = ofGroups.Length - 1; group >= 0; group--)
            {
                var firstSplit = splits.Count;
                splits.AddRange(ofGroups[group] ?? []);
                groups.Add(new LeafGroup(firstSplit, splits.Count, first + group * GroupSize, group == ofGroups.Length - 1, group == 0));
            }
        }

        return new TreeEnsemble([.. splits], [.. groups], [.. leaves]);
    }

    /// <summary>Adds the leaves of a tree in their order, and tells for each node which of them, counted from the tree's first, are on its lesser side.</summary>
    private static List<(int Node, int From, int To)> Walk(ModelKey predictor, Tree tree, List<double> leaves)
    {
        var first = leaves.Count;
        var starts = new int[tree.Lesser.Length];
        var reached = new bool[tree.Lesser.Length];
        var ruledOut = new List<(int, int, int)>();
        var ahead = new Stack<(int Child, int? LesserSideOf)>([(0, null)]);
        while (ahead.TryPop(out var next))
        {
            var (child, node) = next;
            if (node is { } complete)
                ruledOut.Add((complete, starts[complete], leaves.Count - first));
            if (child < 0)
            {
                if (~child >= tree.Leaves.Length)
                    throw predictor.Fault($"a tree of {tree.Leaves.Length} leaves has a branch to leaf {~child}");
                leaves.Add(tree.Leaves[~child]);
                continue;
            }

            if (child >= reached.Length || reached[child])
                throw predictor.Fault($"a tree of {reached.Length} nodes has two branches to node {child}, or one out of it");
            reached[child] = true;
            starts[child] = leaves.Count - first;
            ahead.Push((tree.Greater[child], child));
            ahead.Push((tree.Lesser[child], null));
        }

        return ruledOut;
    }

    /// <summary>The bits from one to another, as far as a group has them.</summary>
    private static uint Bits(int from, int to)
    {
        from = Math.Max(from, 0);
        to = Math.Min(to, GroupSize);
        return from < to ? uint.MaxValue >> (GroupSize - (to - from)) << from : 0;
    }
}
