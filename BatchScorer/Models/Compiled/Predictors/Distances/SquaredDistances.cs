using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Predictors.Linear;

namespace BatchScorer.Models.Compiled.Predictors.Distances;

/// <summary>The squared distance from each centre, by |x|² + |c|² − 2xc in float; rounding errors below 0 are 0.</summary>
internal sealed class SquaredDistances(Kernel features, Centre[] centres)
    : Kernel("Score", new ColumnType(ValueKind.Single, centres.Length), features)
{
    public override bool NeedsStoredSlots => true;

    public override object CreateScratch(int rows) => new float[Sources[0].Type.Width];

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var rows = new FeatureRows(block, Sources[0], block.Scratch<float[]>(this));
        for (var row = 0; row < block.Rows; row++)
        {
            var squares = rows.SumOfSquares(row);
            for (var i = 0; i < centres.Length; i++)
                target[row * centres.Length + i] = Math.Max(0, -2 * rows.Dot(row, centres[i].Values, centres[i].Stored) + centres[i].SumOfSquares + squares);
        }
    }
}
