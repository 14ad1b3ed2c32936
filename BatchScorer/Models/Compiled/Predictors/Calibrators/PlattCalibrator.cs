using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Calibrators;

/// <summary>Platt's sigmoid over a score: 1 / (1 + exp(slope · score + offset)), in double.</summary>
internal sealed class PlattCalibrator(Kernel score, double slope, double offset)
    : Kernel("Probability", new ColumnType(ValueKind.Single), score)
{
    public static Kernel Compile(ModelKey calibrator, Kernel score)
    {
        var block = calibrator.Open();
        var (slope, offset) = (block.Double(), block.Double());
        block.End();
        if (!double.IsFinite(slope) || !double.IsFinite(offset))
            throw calibrator.Fault("its slope or offset is not finite");
        return new PlattCalibrator(score, slope, offset);
    }

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var scores = block.Read<float>(Sources[0]);
        for (var row = 0; row < target.Length; row++)
            target[row] = (float)(1 / (1 + Math.Exp(slope * scores[row] + offset)));
    }
}
