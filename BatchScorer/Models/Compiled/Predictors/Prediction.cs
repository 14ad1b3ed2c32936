using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Predictors.Calibrators;
using BatchScorer.Models.Compiled.Predictors.Multiclass;

namespace BatchScorer.Models.Compiled.Predictors;

/// <summary>The steps that hold a predictor of one column of features and make its answers (<c>…PredXfer</c>).</summary>
internal static class Prediction
{
    private const string Score = "Score";
    private const string Label = "PredictedLabel";
    private const string Probability = "Probability";

    /// <summary>Regression and ranking: a score.</summary>
    public static void CompileScore(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var features = graph.Column(step, block.Name());
        block.End();
        var (score, _) = PredictorTable.PredictOne(step.Below("Model"), features);
        graph.BeginAnswers();
        graph.Define(Score, score);
    }

    /// <summary>Binary classification and anomalies: a label, a score, and a probability where the predictor is calibrated.</summary>
    public static void CompileBinary(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var features = graph.Column(step, block.Name());
        var threshold = block.Single();
        var thresholdColumn = block.Name();
        block.End();
        var (score, probability) = PredictorTable.PredictOne(step.Below("Model"), features);
        DefineBinary(step, graph, score, probability, thresholdColumn, threshold);
    }

    /// <summary>Defines the answers of a binary classification.</summary>
    public static void DefineBinary(ModelKey step, ModelGraph graph, Kernel score, Kernel? probability, string thresholdColumn, float threshold)
    {
        var decisive = thresholdColumn switch
        {
            Score => score,
            Probability when probability is not null => probability,
            _ => throw step.Fault($"its threshold is for \"{thresholdColumn}\", which it does not make"),
        };
        graph.BeginAnswers();
        graph.Define(Label, new IsAbove(Label, decisive, threshold));
        graph.Define(Score, score);
        if (probability is not null)
            graph.Define(Probability, probability);
    }

    /// <summary>Clustering: a distance from each cluster, and the nearest cluster.</summary>
    public static void CompileClusters(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var features = graph.Column(step, block.Name());
        block.End();
        var distances = PredictorTable.PredictClasses(step.Below("Model"), features);
        graph.BeginAnswers();
        graph.Define(Label, new ClassOfScores(Label, distances, isLargest: false, classes: null));
        graph.Define(Score, distances);
    }

    /// <summary>A calibrator that is a step of its own (<c>…CalibratTransf</c>): a probability for a column of scores.</summary>
    public static void CompileCalibrator(ModelKey step, ModelGraph graph)
    {
        const uint namesScoreColumn = 0x00010002;
        var block = step.Open();
        var score = graph.Column(step, step.Version >= namesScoreColumn ? block.Name() : Score);
        block.End();
        graph.Define(Probability, CalibratorTable.Calibrate(step.Below("Calibrator"), score));
    }
}
