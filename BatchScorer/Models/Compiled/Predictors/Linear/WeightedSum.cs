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

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var values = block.Read<float>(Sources[0]);
        var stored = block.Stored(Sources[0]);
        for (var row = 0; row < target.Length; row++)
        {
            var features = values.Slice(row * weights.Length, weights.Length);
            target[row] = bias + (stored is not null && !stored.IsDense(row)
                ? DotProduct.Sparse(weights, features, stored.Row(row))
                : weightedSlots is not null
                    ? DotProduct.Sparse(weights, features, weightedSlots)
                    : DotProduct.Dense(weights, features));
        }
    }
}
