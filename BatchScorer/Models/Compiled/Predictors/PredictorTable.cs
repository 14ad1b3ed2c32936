using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Predictors.Additive;
using BatchScorer.Models.Compiled.Predictors.Calibrators;
using BatchScorer.Models.Compiled.Predictors.Distances;
using BatchScorer.Models.Compiled.Predictors.Factorization;
using BatchScorer.Models.Compiled.Predictors.Linear;
using BatchScorer.Models.Compiled.Predictors.LocalDeep;
using BatchScorer.Models.Compiled.Predictors.Multiclass;
using BatchScorer.Models.Compiled.Predictors.Trees;

namespace BatchScorer.Models.Compiled.Predictors;

/// <summary>
/// The predictors the Compiled engine knows, by ML.NET's loader signature. A new predictor is a file with a method that
/// reads its block and makes its score column, and a line here.
/// </summary>
internal static class PredictorTable
{
    /// <summary>A predictor and a calibrator in one; which of ML.NET's five it is makes no difference to the score.</summary>
    private static readonly string[] Calibrated = ["CaliPredExec", "BulkCaliPredExec", "FeatWCaliPredExec", "PMixCaliPredExec", "SchemaBindableCalibrated"];

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
        ["OlsLinearRegressionExec"] = (0x00010001, LinearPredictor.CompileLeastSquares),
        ["MultiClassLRExec"] = (0x00010003, MulticlassLinearPredictor.CompileMaximumEntropy),
        ["MulticlassLinear"] = (0x00010001, MulticlassLinearPredictor.Compile),
        ["OVAExec"] = (0x00010001, SeparateClasses.CompileOneVersusAll),
        ["PKPDExec"] = (0x00010001, SeparateClasses.CompilePairwise),
        ["MultiClassNaiveBayesPred"] = (0x00010002, NaiveBayesPredictor.Compile),
        ["RegressionGamPredictor"] = (0x00010002, AdditivePredictor.Compile),
        ["BinaryClassGamPredictor"] = (0x00010002, AdditivePredictor.Compile),
        ["LDSVMBinaryPredictor"] = (0x00010001, LocalDeepPredictor.Compile),
        ["KMeansPredictor"] = (0x00010002, KMeansPredictor.Compile),
        ["pcaAnomExec"] = (0x00010001, ComponentsPredictor.Compile),
    };

    public static IEnumerable<string> Signatures =>
        [.. Calibrated, .. Predictors.Keys, .. CalibratorTable.Signatures, .. MatrixFactorization.Signatures, .. FieldAwareFactorization.Signatures];

    /// <summary>Makes the score column of a predictor of one number a row, and the probability where it is calibrated.</summary>
    public static (Kernel Score, Kernel? Probability) PredictOne(ModelKey predictor, Kernel features)
    {
        if (Calibrated.Contains(predictor.Signature))
        {
            var (inner, _) = PredictOne(predictor.Below("Predictor"), features);
            return (inner, CalibratorTable.Calibrate(predictor.Below("Calibrator"), inner));
        }

        var score = Predict(predictor, features);
        if (score.Type != new ColumnType(ValueKind.Single))
            throw predictor.Fault($"its score is {score.Type}, expected one number a row");
        return (score, predictor.FindBelow("Calibrator") is { } calibrator ? CalibratorTable.Calibrate(calibrator, score) : null);
    }

    /// <summary>Makes the scores of a predictor of one number for each class.</summary>
    public static Kernel PredictClasses(ModelKey predictor, Kernel features) => Predict(predictor, features) is { Type: { Kind: ValueKind.Single, IsVector: true } } scores
        ? scores
        : throw predictor.Fault("its score is one number a row, expected one for each class");

    private static Kernel Predict(ModelKey predictor, Kernel features)
    {
        if (!Predictors.TryGetValue(predictor.Signature, out var known))
            throw predictor.Unsupported("is a predictor it does not know");
        predictor.Expect(known.NewestVersion);
        return known.Compile(predictor, features);
    }
}
