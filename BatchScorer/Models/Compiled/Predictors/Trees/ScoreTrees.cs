using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Trees;

/// <summary>
/// Adds up what the trees say, in double and in their order, and rounds once: the same bits as ML.NET. It scores a tile of rows
/// side by side; each node is one comparison for all of them.
/// </summary>
/// <param name="features">What the trees look at.</param>
/// <param name="ensemble">The trees.</param>
/// <param name="divisor">What the sum, once rounded, is divided by.</param>
internal sealed class ScoreTrees(TreeFeatures features, TreeEnsemble ensemble, int divisor)
    : Kernel("Score", new ColumnType(ValueKind.Single), features)
{
    public override void Run(Block block)
    {
        var matrix = block.Scratch<float[]>(features);
        var target = block.Write<float>(this);
        Span<double> sums = stackalloc double[FeatureMatrix.Tile];
        for (var start = 0; start < target.Length; start += FeatureMatrix.Tile)
        {
            sums.Clear();
            Add(ref matrix[start * features.Width], sums);
            var rows = target[start..Math.Min(start + FeatureMatrix.Tile, target.Length)];
            for (var row = 0; row < rows.Length; row++)
                rows[row] = divisor == 1 ? (float)sums[row] : (float)sums[row] / divisor;
        }
    }

    /// <summary>Adds the trees for one tile. Every index was checked when the ensemble was built.</summary>
    private void Add(ref float tile, Span<double> sums)
    {
        Span<int> remaining = stackalloc int[FeatureMatrix.Tile];
        Span<int> firstLeaves = stackalloc int[FeatureMatrix.Tile];
        foreach (ref readonly var group in ensemble.Groups.AsSpan())
        {
            Rule(in group, ref tile, group.BeginsTree, ref MemoryMarshal.GetReference(remaining), ref MemoryMarshal.GetReference(firstLeaves));
            if (!group.EndsTree)
                continue;
            ref var leaves = ref MemoryMarshal.GetArrayDataReference(ensemble.Leaves);
            for (var row = 0; row < FeatureMatrix.Tile; row++)
                sums[row] += Unsafe.Add(ref leaves, firstLeaves[row] + BitOperations.TrailingZeroCount(remaining[row]));
        }
    }

    /// <summary>Finds the leaves of a group that remain for each row. Where some do, they come before those of later groups.</summary>
    private void Rule(ref readonly LeafGroup group, ref float tile, bool isFirst, ref int remaining, ref int firstLeaves)
    {
        var lanes = Vector<int>.Count;
        Vector<int> r0 = Vector<int>.AllBitsSet, r1 = r0, r2 = r0, r3 = r0;
        foreach (ref readonly var split in ensemble.Splits.AsSpan(group.FirstSplit, group.EndSplit - group.FirstSplit))
        {
            var threshold = new Vector<float>(split.Threshold);
            var others = new Vector<int>(split.Remaining);
            ref var column = ref Unsafe.Add(ref tile, split.Column * FeatureMatrix.Tile);
            r0 &= Vector.LessThanOrEqual(Vector.LoadUnsafe(ref column), threshold) | others;
            r1 &= Vector.LessThanOrEqual(Vector.LoadUnsafe(ref column, (nuint)lanes), threshold) | others;
            r2 &= Vector.LessThanOrEqual(Vector.LoadUnsafe(ref column, (nuint)(2 * lanes)), threshold) | others;
            r3 &= Vector.LessThanOrEqual(Vector.LoadUnsafe(ref column, (nuint)(3 * lanes)), threshold) | others;
        }

        var first = new Vector<int>(group.FirstLeaf);
        Keep(r0, first, isFirst, ref remaining, ref firstLeaves);
        Keep(r1, first, isFirst, ref Unsafe.Add(ref remaining, lanes), ref Unsafe.Add(ref firstLeaves, lanes));
        Keep(r2, first, isFirst, ref Unsafe.Add(ref remaining, 2 * lanes), ref Unsafe.Add(ref firstLeaves, 2 * lanes));
        Keep(r3, first, isFirst, ref Unsafe.Add(ref remaining, 3 * lanes), ref Unsafe.Add(ref firstLeaves, 3 * lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(Vector<int> found, Vector<int> first, bool isFirst, ref int remaining, ref int firstLeaves)
    {
        if (!isFirst)
        {
            var none = Vector.Equals(found, Vector<int>.Zero);
            found |= none & Vector.LoadUnsafe(ref remaining);
            first = Vector.ConditionalSelect(none, Vector.LoadUnsafe(ref firstLeaves), first);
        }

        found.StoreUnsafe(ref remaining);
        first.StoreUnsafe(ref firstLeaves);
    }
}
