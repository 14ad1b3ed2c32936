namespace BatchScorer.Models.Catalog;

/// <summary>
/// What ML.NET 5 loads from model files: the classes that its assemblies mark as loadable by a signature
/// (<c>LoadableClass</c> with <c>SignatureLoadModel</c>), and the names of old versions that the Compiled engine reads too.
/// </summary>
internal static class KnownToMLNet
{
    public const string Main = "Microsoft.ML";

    private const string FastTree = "Microsoft.ML.FastTree";
    private const string LightGbm = "Microsoft.ML.LightGbm";
    private const string Recommender = "Microsoft.ML.Recommender";
    private const string Mkl = "Microsoft.ML.Mkl.Components";
    private const string Images = "Microsoft.ML.ImageAnalytics";
    private const string Vision = "Microsoft.ML.Vision";
    private const string Torch = "Microsoft.ML.TorchSharp";
    private const string TimeSeries = "Microsoft.ML.TimeSeries";
    private const string Ensembles = "Microsoft.ML.Ensemble";

    public static IReadOnlyList<CataloguedStep> Steps { get; } =
    [
        .. Group(
            "Columns and types",
            new("TransformerChain", "Append"),
            new("ConcatTransform", "Concatenate"),
            new("ConcatFunction", "the same, of old versions"),
            new("CopyTransform", "CopyColumns"),
            new("SelectColumnsTransform", "SelectColumns, DropColumns"),
            new("DropColumnsTransform", "DropColumns, of old versions"),
            new("ChooseColumnsTransform", "SelectColumns, of old versions"),
            new("DropSlotsTransform", "SelectFeaturesBasedOnCount, SelectFeaturesBasedOnMutualInformation"),
            new("ConvertTransform", "ConvertType"),
            new("ConvertFunction", "the same, of old versions"),
            new("ExprTransform", "Expression"),
            new("FeatureContribution", "CalculateFeatureContribution"),
            new("CustomTransformer", "CustomMapping", "the application that made the model")),
        .. Group(
            "Categories",
            new("TermTransform", "MapValueToKey, OneHotEncoding"),
            new("KeyToVectorTransform", "MapKeyToVector, OneHotEncoding, OneHotHashEncoding"),
            new("KeyToBinaryTransform", "MapKeyToBinaryVector, OneHotEncoding (Binary)"),
            new("KeyToValueTransform", "MapKeyToValue"),
            new("ValueMappingTransformer", "MapValue"),
            new("HashTransform", "Hash, OneHotHashEncoding"),
            new("CountTargetEncode", "CountTargetEncode")),
        .. Group(
            "Numbers",
            new("NAReplaceTransform", "ReplaceMissingValues"),
            new("NaIndicatorTransform", "IndicateMissingValues"),
            new("NADropTransform", "dropping missing values of vectors"),
            new("Normalizer", "NormalizeMinMax, NormalizeMeanVariance, NormalizeLogMeanVariance, NormalizeBinning, NormalizeSupervisedBinning, NormalizeRobustScaling"),
            new("NormalizeTransform", "the same, of old versions"),
            new("GcnTransform", "NormalizeLpNorm, NormalizeGlobalContrast"),
            new("GcnFunction", "the same, of old versions"),
            new("RffTransform", "ApproximatedKernelMap"),
            new("PcaTransform", "ProjectToPrincipalComponents"),
            new("TreeEnseFeat", "FeaturizeByFastTreeBinary and its kin", FastTree),
            new("WhiteningTransform", "VectorWhiten", Mkl)),
        .. Group(
            "Text",
            new("Text", "FeaturizeText"),
            new("TextTransform", "the same, by another name"),
            new("TextNormalizerTransform", "NormalizeText"),
            new("TokenizeTextTransform", "TokenizeIntoWords"),
            new("CharToken", "TokenizeIntoCharactersAsKeys"),
            new("StopWordsTransform", "RemoveDefaultStopWords"),
            new("CustomStopWords", "RemoveStopWords"),
            new("NgramTransform", "ProduceNgrams, ProduceWordBags"),
            new("NgramHashTransform", "ProduceHashedNgrams, ProduceHashedWordBags"),
            new("TextExpandTransform", "ProduceWordBags from terms with counts"),
            new("WordEmbeddingsTransform", "ApplyWordEmbedding"),
            new("LdaTransform", "LatentDirichletAllocation")),
        .. Group(
            "Images and networks",
            new("ImageLoaderTransform", "LoadImages", Images),
            new("ImageScalerTransform", "ResizeImages", Images),
            new("ImagePixelExtractor", "ExtractPixels", Images),
            new("ImageGrayscaleTransform", "ConvertToGrayscale", Images),
            new("VectorToImageConverter", "ConvertToImage", Images),
            new("OnnxTransform", "ApplyOnnxModel", "Microsoft.ML.OnnxTransformer"),
            new("TensorFlowTransform", "ScoreTensorFlowModel", "Microsoft.ML.TensorFlow"),
            new("DnnRtTransform", "RetrainDnnModel", Vision),
            new("ImageClassificationPred", "ImageClassification", Vision),
            new("TXTCLSS", "TextClassification", Torch),
            new("SNTSIMI", "SentenceSimilarity", Torch),
            new("NER", "NamedEntityRecognition", Torch),
            new("QATRAIN", "QuestionAnswer", Torch),
            new("OBJDETC", "ObjectDetection", Torch)),
        .. Group(
            "Time series",
            new("IidSpikeDetector", "DetectIidSpike", TimeSeries, true),
            new("IidChangePointDetector", "DetectIidChangePoint", TimeSeries, true),
            new("SsaSpikeDetector", "DetectSpikeBySsa", TimeSeries, true),
            new("SsaChangePointDetector", "DetectChangePointBySsa", TimeSeries, true),
            new("SsaForecasting", "ForecastBySsa", TimeSeries, true),
            new("SSAModel", "the model inside the SSA steps", TimeSeries, true),
            new("SrCnnAnomalyDetector", "DetectAnomalyBySrCnn", TimeSeries, true)),
        .. Group(
            "Predicting steps",
            new("BinaryPredXfer", "BinaryClassification"),
            new("RegressionPredXfer", "Regression"),
            new("RankingPredXfer", "Ranking"),
            new("MulticlassPredXfer", "MulticlassClassification"),
            new("ClusteringPredXfer", "Clustering"),
            new("AnomalyPredXfer", "AnomalyDetection"),
            new("FAFMPredXfer", "FieldAwareFactorizationMachine"),
            new("MaFactPredXf", "MatrixFactorization", Recommender),
            new("PlattCalibratTransf", "Platt calibrator as a step"),
            new("NaiveCalibratTransf", "Naive calibrator as a step"),
            new("PavCalibratTransf", "Isotonic calibrator as a step")),
        .. Group(
            "Predictors",
            new("FastTreeBinaryExec", "FastTree, binary", FastTree),
            new("FastTreeRegressionExec", "FastTree, regression", FastTree),
            new("FastTreeRankerExec", "FastTree, ranking", FastTree),
            new("FastTreeTweedieExec", "FastTreeTweedie", FastTree),
            new("FastForestBinaryExec", "FastForest, binary", FastTree),
            new("FastForestRegressionExec", "FastForest, regression", FastTree),
            new("BinaryClassGamPredictor", "Gam, binary", FastTree),
            new("RegressionGamPredictor", "Gam, regression", FastTree),
            new("LightGBMBinaryExec", "LightGbm, binary and multiclass", LightGbm),
            new("LightGBMRegressionExec", "LightGbm, regression", LightGbm),
            new("LightGBMRankerExec", "LightGbm, ranking", LightGbm),
            new("Linear2CExec", "SdcaLogisticRegression, LbfgsLogisticRegression, AveragedPerceptron, LinearSvm, SgdCalibrated, SymbolicSgdLogisticRegression"),
            new("LinearRegressionExec", "Sdca, OnlineGradientDescent"),
            new("PoissonRegressionExec", "LbfgsPoissonRegression"),
            new("OlsLinearRegressionExec", "Ols", Mkl),
            new("MultiClassLRExec", "SdcaMaximumEntropy, LbfgsMaximumEntropy"),
            new("MulticlassLinear", "SdcaNonCalibrated, multiclass"),
            new("OVAExec", "OneVersusAll, LightGbm multiclass"),
            new("PKPDExec", "PairwiseCoupling"),
            new("MultiClassNaiveBayesPred", "NaiveBayes"),
            new("LDSVMBinaryPredictor", "LdSvm"),
            new("FieldAwareFactMacPredict", "FieldAwareFactorizationMachine"),
            new("MFPredictor", "MatrixFactorization", Recommender),
            new("KMeansPredictor", "KMeans"),
            new("pcaAnomExec", "RandomizedPca"),
            new("PriorPredictor", "Prior"),
            new("RandomPredictor", "a predictor of random numbers, for tests"),
            new("EnsembleFloatExec", "an ensemble of regressions", Ensembles),
            new("EnsemDbExec", "an ensemble of binary classifiers", Ensembles),
            new("EnsemMcExec", "an ensemble of multiclass classifiers", Ensembles)),
        .. Group(
            "Calibrators",
            new("PlattCaliExec", "Platt, fixed Platt"),
            new("NaiveCaliExec", "Naive"),
            new("PAVCaliExec", "Isotonic"),
            new("CaliPredExec", "a predictor with its calibrator"),
            new("BulkCaliPredExec", "the same, of old versions"),
            new("FeatWCaliPredExec", "the same, with feature weights"),
            new("PMixCaliPredExec", "the same, for mixing"),
            new("SchemaBindableCalibrated", "the same, for contributions")),
        .. Group(
            "Parts of other steps",
            new("CompositeLoader", "a data loader saved with the model"),
            new("TextLoader", "LoadFromTextFile, whose columns are the model's"),
            new("TermManager", "the values of MapValueToKey"),
            new("AffineNormExec", "min-max, mean-variance and robust scaling"),
            new("CdfNormalizeFunction", "cumulative distribution"),
            new("BinNormalizeFunction", "binning"),
            new("BinNormExec", "the bins"),
            new("TextSpanBuffer", "what hashed values were made from, which scoring skips"),
            new("LinearModelStats", "statistics of training, which scoring skips"),
            new("ModelStats", "statistics of training, which scoring skips"),
            new("CustomStopWordsManager", "the words of RemoveStopWords"),
            new("RandGaussFourierExec", "the Gaussian kernel of ApproximatedKernelMap"),
            new("RandLaplacianFourierExec", "the Laplacian kernel of ApproximatedKernelMap"),
            new("GaussianSamplerExecutor", "the same, by another name"),
            new("LaplacianSamplerExecutor", "the same, by another name"),
            new("CountTableTransform", "the tables of CountTargetEncode"),
            new("CountTargetEncoder", "the features of CountTargetEncode"),
            new("CMCountTable", "a count-min sketch"),
            new("DictCountTable", "a dictionary of counts"),
            new("ParallelMultiCountTable", "count tables, one a column"),
            new("SharedMultiCountTable", "count tables, shared"),
            new("SchemaBindableWrapper", "a predictor bound to columns"),
            new("BinarySchemaBindable", "the same, binary"),
            new("QuantileSchemaBindable", "the same, of quantiles"),
            new("LabelSlotNameMapper", "names of classes"),
            new("FCCBindable", "CalculateFeatureContribution"),
            new("TreeEnsembleMapper", "the trees of FeaturizeByFastTreeBinary", FastTree)),
    ];

    private static IEnumerable<CataloguedStep> Group(string group, params Entry[] entries) =>
        entries.Select(entry => new CataloguedStep(group, entry.Signature, entry.KnownAs, entry.Package, entry.NeedsOtherRows));

    private sealed record Entry(string Signature, string KnownAs, string Package = Main, bool NeedsOtherRows = false);
}
