using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Calibrators;

/// <summary>The share of positives in the bin of a score (<c>NaiveCalibrator</c>); the bins are of equal size, the outer ones open. NaN stays NaN.</summary>
internal sealed class BinnedCalibrator(Kernel score, float least, float size, float[] shares)
    : Kernel("Probability", new ColumnType(ValueKind.Single), score)
{
    public static Kernel Compile(ModelKey calibrator, Kernel score)
    {
        var block = calibrator.Open();
        block.FloatSize();
        var (size, least) = (block.Single(), block.Single());
        var shares = block.Array<float>();
        block.End();
        if (!(size > 0 && float.IsFinite(size) && float.IsFinite(least)) || shares.Length == 0 || !shares.All(share => share is >= 0 and <= 1))
            throw calibrator.Fault("its bins are no probabilities, or have no size");
        return new BinnedCalibrator(score, least, size, shares);
    }

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var scores = block.Read<float>(Sources[0]);
        for (var row = 0; row < target.Length; row++)
            target[row] = float.IsNaN(scores[row]) ? scores[row] : shares[Math.Clamp((int)((scores[row] - least) / size), 0, shares.Length - 1)];
    }
}
