using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Predictors.Linear;

namespace BatchScorer.Models.Compiled.Predictors.LocalDeep;

/// <summary>
/// A row goes down a full binary tree, left where a node's linear model is above 0. What the nodes on its path say,
/// each a linear model times the hyperbolic tangent of another, is added in double.
/// </summary>
/// <param name="features">A vector of Single.</param>
/// <param name="sharpness">What a gate is multiplied with before its tangent is taken.</param>
/// <param name="margins">What each node says, breadth first.</param>
/// <param name="gates">How much of it counts.</param>
/// <param name="branches">Where inner nodes send a row.</param>
internal sealed class PathOfMargins(
    Kernel features, float sharpness, (float[] Weights, float Bias)[] margins, (float[] Weights, float Bias)[] gates, (float[] Weights, float Bias)[] branches)
    : Kernel("Score", new ColumnType(ValueKind.Single), features)
{
    public override bool NeedsStoredSlots => true;

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var rows = new FeatureRows(block, Sources[0], []);
        for (var row = 0; row < target.Length; row++)
        {
            double sum = 0;
            for (var node = 0; ;)
            {
                sum += Math.Tanh(sharpness * Value(rows, row, gates[node])) * Value(rows, row, margins[node]);
                if (node >= branches.Length)
                    break;
                node = 2 * node + (Value(rows, row, branches[node]) > 0 ? 1 : 2);
            }

            target[row] = (float)sum;
        }
    }

    private static float Value(FeatureRows rows, int row, (float[] Weights, float Bias) model) => rows.Dot(row, model.Weights, null) + model.Bias;
}
