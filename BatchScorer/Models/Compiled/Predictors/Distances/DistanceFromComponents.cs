using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Predictors.Linear;

namespace BatchScorer.Models.Compiled.Predictors.Distances;

/// <summary>The share of a row's distance from the mean that the components do not account for: from 0 on, NaN at the mean itself.</summary>
/// <param name="features">A vector of Single.</param>
/// <param name="mean">The mean; null for 0.</param>
/// <param name="meanSquares">The sum of its squares.</param>
/// <param name="components">Vectors of length 1.</param>
/// <param name="projectedMean">The product of each with the mean.</param>
internal sealed class DistanceFromComponents(Kernel features, float[]? mean, float meanSquares, float[][] components, float[] projectedMean)
    : Kernel("Score", new ColumnType(ValueKind.Single), features)
{
    public override bool NeedsStoredSlots => true;

    public override object CreateScratch(int rows) => new float[Sources[0].Type.Width];

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var rows = new FeatureRows(block, Sources[0], block.Scratch<float[]>(this));
        for (var row = 0; row < target.Length; row++)
        {
            var distance = rows.SumOfSquares(row) - 2 * (mean is null ? 0 : rows.Dot(row, mean, null)) + meanSquares;
            if (distance < 0)
                distance = 0;
            float explained = 0;
            for (var i = 0; i < components.Length; i++)
            {
                var part = rows.Dot(row, components[i], null) - projectedMean[i];
                explained += part * part;
            }

            target[row] = (float)Math.Sqrt((distance - explained) / distance);
        }
    }
}
