using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Calibrators;

/// <summary>The calibrators the Compiled engine knows, by ML.NET's loader signature: what makes a probability of a score.</summary>
internal static class CalibratorTable
{
    private const uint Newest = 0x00010001;

    private static readonly Dictionary<string, Func<ModelKey, Kernel, Kernel>> Calibrators = new()
    {
        ["PlattCaliExec"] = PlattCalibrator.Compile,
        ["NaiveCaliExec"] = BinnedCalibrator.Compile,
        ["PAVCaliExec"] = IsotonicCalibrator.Compile,
    };

    public static IEnumerable<string> Signatures => Calibrators.Keys;

    /// <summary>Makes the column of probabilities for a column of scores.</summary>
    public static Kernel Calibrate(ModelKey calibrator, Kernel score)
    {
        if (score.Type != new ColumnType(ValueKind.Single))
            throw calibrator.Fault($"it calibrates \"{score.Name}\", which is {score.Type}");
        if (!Calibrators.TryGetValue(calibrator.Signature, out var compile))
            throw calibrator.Unsupported("is a calibrator it does not know");
        calibrator.Expect(Newest);
        return compile(calibrator, score);
    }
}
