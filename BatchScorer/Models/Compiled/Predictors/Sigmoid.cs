using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors;

/// <summary>1 / (1 + exp(−score)) in float, from whichever side does not overflow.</summary>
internal sealed class Sigmoid(string name, Kernel score) : Kernel(name, new ColumnType(ValueKind.Single), score)
{
    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var scores = block.Read<float>(Sources[0]);
        for (var row = 0; row < target.Length; row++)
        {
            var exponential = (float)Math.Exp(scores[row] > 0 ? -scores[row] : scores[row]);
            target[row] = (scores[row] > 0 ? 1 : exponential) / (1 + exponential);
        }
    }
}
