using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors;

/// <summary>The steps that hold a predictor and make its answers (<c>…PredXfer</c>).</summary>
internal static class Prediction
{
    private const string Score = "Score";

    /// <summary>Regression and ranking: a score.</summary>
    public static void CompileScore(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var features = graph.Column(step, block.Name());
        block.End();
        var (score, _) = PredictorTable.Predict(step.Below("Model"), features);
        graph.BeginAnswers();
        graph.Define(Score, score);
    }

    /// <summary>Binary classification: a label, a score, and a probability where the predictor is calibrated.</summary>
    public static void CompileBinary(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var features = graph.Column(step, block.Name());
        var threshold = block.Single();
        var thresholdColumn = block.Name();
        block.End();
        var (score, probability) = PredictorTable.Predict(step.Below("Model"), features);
        var decisive = thresholdColumn switch
        {
            Score => score,
            "Probability" when probability is not null => probability,
            _ => throw step.Fault($"its threshold is for \"{thresholdColumn}\", which it does not make"),
        };
        graph.BeginAnswers();
        graph.Define("PredictedLabel", new IsAbove("PredictedLabel", decisive, threshold));
        graph.Define(Score, score);
        if (probability is not null)
            graph.Define("Probability", probability);
    }

    /// <summary>A calibrator that is a step of its own (<c>PlattCalibratTransf</c>): a probability for a column of scores.</summary>
    public static void CompileCalibrator(ModelKey step, ModelGraph graph)
    {
        const uint namesScoreColumn = 0x00010002;
        var block = step.Open();
        var score = graph.Column(step, step.Version >= namesScoreColumn ? block.Name() : Score);
        block.End();
        graph.Define("Probability", PredictorTable.Calibrate(step.Below("Calibrator"), "Probability", score));
    }
}
