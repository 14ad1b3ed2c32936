using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors;

/// <summary>The exponential of a score that was learned as a logarithm.</summary>
internal sealed class Exponential(Kernel logarithm) : Kernel("Score", new ColumnType(ValueKind.Single), logarithm)
{
    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var scores = block.Read<float>(Sources[0]);
        for (var row = 0; row < target.Length; row++)
            target[row] = (float)Math.Exp(scores[row]);
    }
}
