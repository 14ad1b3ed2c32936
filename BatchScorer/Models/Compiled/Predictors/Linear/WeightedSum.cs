using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Linear;

/// <summary>Bias plus the dot product of weights and features, in float and in ML.NET's order of summation.</summary>
/// <param name="features">A vector of Single.</param>
/// <param name="weights">A weight for each slot, 0 where the model has none.</param>
/// <param name="weightedSlots">The slots that have a weight, ascending; null when all have.</param>
/// <param name="bias">What is added to the product.</param>
internal sealed class WeightedSum(Kernel features, float[] weights, int[]? weightedSlots, float bias)
    : Kernel("Score", new ColumnType(ValueKind.Single), features)
{
    public override bool NeedsStoredSlots => true;

    public override bool ReadsSparse => true;

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var stored = block.Stored(Sources[0]);
        for (var row = 0; row < target.Length; row++)
            target[row] = bias + (stored is not null && !stored.IsDense(row) ? Sparse(block, row, stored.Row(row)) : Dense(block, row));
    }

    private float Sparse(Block block, int row, ReadOnlySpan<int> slots) => Sources[0].IsSparse
        ? DotProduct.Packed(weights, block.Sparse(Sources[0]).Values(row), slots)
        : DotProduct.Sparse(weights, block.Row<float>(Sources[0], row), slots);

    private float Dense(Block block, int row)
    {
        var features = Sources[0].IsSparse ? block.Sparse(Sources[0]).Values(row) : block.Row<float>(Sources[0], row);
        return weightedSlots is not null
            ? DotProduct.Sparse(weights, features, weightedSlots)
            : DotProduct.Dense(weights, features);
    }
}
