using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Predictors.Linear;
using BatchScorer.Models.Compiled.Predictors.Trees;

namespace BatchScorer.Models.Compiled.Predictors;

/// <summary>
/// The predictors and calibrators the Compiled engine knows, by ML.NET's loader signature. A new predictor is a file with a
/// method that reads its block and makes its score column, and a line here.
/// </summary>
internal static class PredictorTable
{
    private const string Probability = "Probability";

    /// <summary>A predictor and a calibrator in one; which of ML.NET's three it is makes no difference to the score.</summary>
    private static readonly string[] Calibrated = ["CaliPredExec", "FeatWCaliPredExec", "PMixCaliPredExec"];

    private static readonly Dictionary<string, (uint NewestVersion, Func<ModelKey, Kernel, Kernel> Compile)> Predictors = new()
    {
        ["FastTreeBinaryExec"] = (0x00010005, TreePredictor.Compile),
        ["FastTreeRegressionExec"] = (0x00010005, TreePredictor.Compile),
        ["FastTreeRankerExec"] = (0x00010005, TreePredictor.Compile),
        ["FastTreeTweedieExec"] = (0x00010003, TreePredictor.CompileTweedie),
        ["FastForestBinaryExec"] = (0x00010006, TreePredictor.Compile),
        ["FastForestRegressionExec"] = (0x00010006, TreePredictor.CompileMean),
        ["LightGBMBinaryExec"] = (0x00010005, TreePredictor.Compile),
        ["LightGBMRegressionExec"] = (0x00010005, TreePredictor.Compile),
        ["LightGBMRankerExec"] = (0x00010005, TreePredictor.Compile),
        ["Linear2CExec"] = (0x00020002, LinearPredictor.Compile),
        ["LinearRegressionExec"] = (0x00020001, LinearPredictor.Compile),
        ["PoissonRegressionExec"] = (0x00020001, LinearPredictor.CompilePoisson),
    };

    private static readonly Dictionary<string, (uint NewestVersion, Func<ModelKey, string, Kernel, Kernel> Compile)> Calibrators = new()
    {
        ["PlattCaliExec"] = (0x00010001, PlattCalibrator.Compile),
    };

    public static IEnumerable<string> Signatures => [.. Calibrated, .. Predictors.Keys, .. Calibrators.Keys];

    /// <summary>Makes the score column of a predictor, and the probability where it is calibrated.</summary>
    public static (Kernel Score, Kernel? Probability) Predict(ModelKey predictor, Kernel features)
    {
        if (Calibrated.Contains(predictor.Signature))
        {
            var score = Predict(predictor.Below("Predictor"), features).Score;
            return (score, Calibrate(predictor.Below("Calibrator"), Probability, score));
        }

        if (!Predictors.TryGetValue(predictor.Signature, out var known))
            throw predictor.Unsupported("is a predictor it does not know");
        predictor.Expect(known.NewestVersion);
        var raw = known.Compile(predictor, features);
        return (raw, predictor.FindBelow("Calibrator") is { } calibrator ? Calibrate(calibrator, Probability, raw) : null);
    }

    /// <summary>Makes the column of probabilities for a column of scores.</summary>
    public static Kernel Calibrate(ModelKey calibrator, string name, Kernel score)
    {
        if (!Calibrators.TryGetValue(calibrator.Signature, out var known))
            throw calibrator.Unsupported("is a calibrator it does not know");
        calibrator.Expect(known.NewestVersion);
        return known.Compile(calibrator, name, score);
    }
}
