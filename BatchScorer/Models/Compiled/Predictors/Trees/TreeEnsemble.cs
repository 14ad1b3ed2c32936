using System.Runtime.InteropServices;
using BatchScorer.Models.Compiled.Format;

namespace BatchScorer.Models.Compiled.Predictors.Trees;

/// <summary>A node: a row goes on to <see cref="Next"/>, or to the one behind it when its feature is at most the threshold.</summary>
/// <remarks>A leaf is its own next node and its threshold is NaN, which nothing is at most, so that a row stays there.</remarks>
/// <param name="Threshold">What the feature is compared with.</param>
/// <param name="Feature">The feature's column in the <see cref="FeatureMatrix"/>.</param>
/// <param name="Next">The index of the greater child; the lesser one follows it.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TreeNode(float Threshold, int Feature, int Next);

/// <summary>Trees laid out to be walked without branches.</summary>
/// <param name="Nodes">The nodes of all trees, breadth first, siblings side by side.</param>
/// <param name="Outputs">What each node adds to the score: 0 but for leaves.</param>
/// <param name="Roots">The root of each tree, and how many steps its deepest leaf is away.</param>
internal sealed record TreeEnsemble(TreeNode[] Nodes, double[] Outputs, (int Root, int Depth)[] Roots)
{
    /// <summary>Lays out trees and checks that they are trees: each node reached once, each feature there.</summary>
    /// <param name="predictor">For messages.</param>
    /// <param name="trees">The trees.</param>
    /// <param name="features">Where the columns are collected that nodes refer to.</param>
    public static TreeEnsemble Build(ModelKey predictor, IReadOnlyList<Tree> trees, FeatureMatrixBuilder features)
    {
        var nodes = new List<TreeNode>();
        var outputs = new List<double>();
        var roots = new List<(int, int)>();
        foreach (var tree in trees.Where(tree => !tree.IsEmpty))
            roots.Add((nodes.Count, Append(predictor, tree, features, nodes, outputs)));
        return new TreeEnsemble([.. nodes], [.. outputs], [.. roots]);
    }

    private static int Append(ModelKey predictor, Tree tree, FeatureMatrixBuilder features, List<TreeNode> nodes, List<double> outputs)
    {
        var reached = new bool[tree.Lesser.Length];
        var level = new List<int> { 0 };
        nodes.Add(default);
        outputs.Add(0);
        for (var depth = 0; ; depth++)
        {
            var children = new List<int>();
            var first = nodes.Count - level.Count;
            var isLast = level.TrueForAll(child => child < 0);
            for (var i = 0; i < level.Count; i++)
            {
                var child = level[i];
                if (child < 0)
                {
                    if (~child >= tree.Leaves.Length)
                        throw predictor.Fault($"a tree of {tree.Leaves.Length} leaves has a branch to leaf {~child}");
                    nodes[first + i] = new TreeNode(float.NaN, 0, first + i);
                    outputs[first + i] = tree.Leaves[~child];
                    continue;
                }

                if (child >= reached.Length || reached[child])
                    throw predictor.Fault($"a tree of {reached.Length} nodes has two branches to node {child}, or one out of it");
                reached[child] = true;
                var (column, threshold) = features.Split(predictor, tree, child);
                nodes[first + i] = new TreeNode(threshold, column, first + level.Count + children.Count);
                children.Add(tree.Greater[child]);
                children.Add(tree.Lesser[child]);
            }

            if (isLast)
                return depth;
            foreach (var _ in children)
            {
                nodes.Add(default);
                outputs.Add(0);
            }

            level = children;
        }
    }
}
