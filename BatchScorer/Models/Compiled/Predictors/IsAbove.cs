using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors;

/// <summary>Whether a score is above a threshold; NaN is not.</summary>
internal sealed class IsAbove(string name, Kernel score, float threshold) : Kernel(name, new ColumnType(ValueKind.Boolean), score)
{
    public override void Run(Block block)
    {
        var target = block.Write<bool>(this);
        var scores = block.Read<float>(Sources[0]);
        for (var row = 0; row < target.Length; row++)
            target[row] = scores[row] > threshold;
    }
}
