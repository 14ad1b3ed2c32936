using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Predictors;
using BatchScorer.Models.Compiled.Predictors.Factorization;
using BatchScorer.Models.Compiled.Predictors.Multiclass;
using BatchScorer.Models.Compiled.Steps.Hashing;
using BatchScorer.Models.Compiled.Steps.Normalizers;
using BatchScorer.Models.Compiled.Steps.Text;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>
/// The steps the Compiled engine knows, by ML.NET's loader signature. A new step is a file with a method that reads its
/// block and defines its columns, and a line here.
/// </summary>
internal static class StepTable
{
    private static readonly Dictionary<string, Step> Steps = new()
    {
        ["TransformerChain"] = new(0x00010001, Chain.Compile),
        ["ConcatTransform"] = new(0x00010003, Concatenation.Compile),
        ["ConcatFunction"] = new(0x00010002, Concatenation.Compile),
        ["TermTransform"] = new(0x00010003, ValueToKey.Compile),
        ["KeyToVectorTransform"] = new(0x00010002, KeyToVector.Compile),
        ["KeyToBinaryTransform"] = new(0x00000001, KeyToBinary.Compile),
        ["HashTransform"] = new(0x00010004, ValueHashing.Compile),
        ["NAReplaceTransform"] = new(0x00010002, MissingValueReplacement.Compile),
        ["ConvertTransform"] = new(0x00010004, TypeConversion.Compile),
        ["ConvertFunction"] = new(0x00010002, TypeConversion.Compile),
        ["NaIndicatorTransform"] = new(0x00010001, MissingValueIndicator.Compile),
        ["Normalizer"] = new(0x00010002, Normalizer.Compile),
        ["NormalizeTransform"] = new(0x00010003, Normalizer.CompileOld),
        ["KeyToValueTransform"] = new(0x00010001, KeyToValue.Compile),
        ["CopyTransform"] = new(0x00010001, ColumnNames.CompileCopy),
        ["SelectColumnsTransform"] = new(0x00010001, ColumnNames.CompileSelect),
        ["DropColumnsTransform"] = new(0x00010002, ColumnNames.CompileDrop),
        ["ChooseColumnsTransform"] = new(0x00010001, ColumnNames.CompileChoose),
        ["Text"] = new(0x00010002, Chain.CompileText),
        ["TextTransform"] = new(0x00010002, Chain.CompileText),
        ["TextNormalizerTransform"] = new(0x00010001, TextNormalizer.Compile),
        ["TokenizeTextTransform"] = new(0x00010001, WordTokenizer.Compile),
        ["CharToken"] = new(0x00010002, CharacterTokenizer.Compile),
        ["NgramTransform"] = new(0x00010003, Ngrams.Compile),
        ["NgramHashTransform"] = new(0x00010003, NgramHashing.Compile),
        ["CustomStopWords"] = new(0x00010001, StopWords.Compile),
        ["DropSlotsTransform"] = new(0x00010001, SlotSelection.Compile),
        ["GcnTransform"] = new(0x00010003, RowNorm.Compile),
        ["GcnFunction"] = new(0x00010002, RowNorm.Compile),
        ["BinaryPredXfer"] = new(0x00010001, Prediction.CompileBinary),
        ["RegressionPredXfer"] = new(0x00010001, Prediction.CompileScore),
        ["RankingPredXfer"] = new(0x00010001, Prediction.CompileScore),
        ["AnomalyPredXfer"] = new(0x00010001, Prediction.CompileBinary),
        ["ClusteringPredXfer"] = new(0x00010001, Prediction.CompileClusters),
        ["MulticlassPredXfer"] = new(0x00010002, MulticlassPrediction.Compile),
        ["MaFactPredXf"] = new(0x00010001, MatrixFactorization.Compile),
        ["FAFMPredXfer"] = new(0x00010001, FieldAwareFactorization.Compile),
        ["NaiveCalibratTransf"] = new(0x00010002, Prediction.CompileCalibrator),
        ["PavCalibratTransf"] = new(0x00010002, Prediction.CompileCalibrator),
        ["PlattCalibratTransf"] = new(0x00010002, Prediction.CompileCalibrator),
    };

    public static IEnumerable<string> Signatures => Steps.Keys;

    /// <summary>Reads a step and adds the columns it makes.</summary>
    /// <exception cref="UnsupportedStepException">It is not in the table, or asks for something that is not done here.</exception>
    public static void Compile(ModelKey step, ModelGraph graph)
    {
        if (!Steps.TryGetValue(step.Signature, out var known))
            throw step.Unsupported("is a step it does not know");
        step.Expect(known.NewestVersion);
        known.Compile(step, graph);
    }

    /// <param name="NewestVersion">The newest layout of the step's block that is understood.</param>
    /// <param name="Compile">Reads the block and defines columns.</param>
    private sealed record Step(uint NewestVersion, Action<ModelKey, ModelGraph> Compile);
}
