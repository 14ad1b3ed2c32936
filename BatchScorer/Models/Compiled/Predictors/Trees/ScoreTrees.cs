using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Trees;

/// <summary>
/// Adds up what the trees say, in double and in their order, and rounds once: the same bits as ML.NET. Tree by tree it walks
/// eight rows at a time, so that the walks' memory accesses overlap; each takes as many steps as the tree is deep.
/// </summary>
/// <param name="features">What the trees look at.</param>
/// <param name="ensemble">The trees.</param>
/// <param name="divisor">What the sum, once rounded, is divided by.</param>
internal sealed class ScoreTrees(TreeFeatures features, TreeEnsemble ensemble, int divisor)
    : Kernel("Score", new ColumnType(ValueKind.Single), features)
{
    /// <summary>Rows that are walked side by side.</summary>
    private const int Lanes = TreeFeatures.Lanes;

    public override object CreateScratch(int rows) => new double[TreeFeatures.Padded(rows)];

    public override void Run(Block block)
    {
        var matrix = block.Scratch<float[]>(features);
        var sums = block.Scratch<double[]>(this).AsSpan(0, TreeFeatures.Padded(block.Rows));
        sums.Clear();
        foreach (var (root, depth) in ensemble.Roots)
            Add(root, depth, matrix, sums);

        var target = block.Write<float>(this);
        for (var row = 0; row < target.Length; row++)
            target[row] = divisor == 1 ? (float)sums[row] : (float)sums[row] / divisor;
    }

    /// <summary>Adds one tree. Every index was checked when the ensemble was built.</summary>
    private void Add(int root, int depth, float[] matrix, Span<double> sums)
    {
        var width = features.Width;
        ref var nodes = ref MemoryMarshal.GetArrayDataReference(ensemble.Nodes);
        ref var outputs = ref MemoryMarshal.GetArrayDataReference(ensemble.Outputs);
        ref var row = ref MemoryMarshal.GetArrayDataReference(matrix);
        for (var i = 0; i < sums.Length; i += Lanes, row = ref Unsafe.Add(ref row, Lanes * width))
        {
            int n0 = root, n1 = root, n2 = root, n3 = root, n4 = root, n5 = root, n6 = root, n7 = root;
            for (var step = 0; step < depth; step++)
            {
                n0 = Next(ref nodes, n0, ref row);
                n1 = Next(ref nodes, n1, ref Unsafe.Add(ref row, width));
                n2 = Next(ref nodes, n2, ref Unsafe.Add(ref row, 2 * width));
                n3 = Next(ref nodes, n3, ref Unsafe.Add(ref row, 3 * width));
                n4 = Next(ref nodes, n4, ref Unsafe.Add(ref row, 4 * width));
                n5 = Next(ref nodes, n5, ref Unsafe.Add(ref row, 5 * width));
                n6 = Next(ref nodes, n6, ref Unsafe.Add(ref row, 6 * width));
                n7 = Next(ref nodes, n7, ref Unsafe.Add(ref row, 7 * width));
            }

            ref var sum = ref sums[i];
            sum += Unsafe.Add(ref outputs, n0);
            Unsafe.Add(ref sum, 1) += Unsafe.Add(ref outputs, n1);
            Unsafe.Add(ref sum, 2) += Unsafe.Add(ref outputs, n2);
            Unsafe.Add(ref sum, 3) += Unsafe.Add(ref outputs, n3);
            Unsafe.Add(ref sum, 4) += Unsafe.Add(ref outputs, n4);
            Unsafe.Add(ref sum, 5) += Unsafe.Add(ref outputs, n5);
            Unsafe.Add(ref sum, 6) += Unsafe.Add(ref outputs, n6);
            Unsafe.Add(ref sum, 7) += Unsafe.Add(ref outputs, n7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(ref TreeNode nodes, int at, ref float row)
    {
        ref var node = ref Unsafe.Add(ref nodes, at);
        return node.Next + (Unsafe.Add(ref row, node.Feature) <= node.Threshold ? 1 : 0);
    }
}
