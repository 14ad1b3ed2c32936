namespace BatchScorer.Benchmarks.Models;

/// <summary>The step that classifies by a score and makes a probability of it, as ML.NET does for its binary trainers.</summary>
internal static class CalibratedClassifier
{
    /// <summary>The step's entries, each with its folder below the step.</summary>
    public static IReadOnlyList<(string Folder, Component Component)> Of(SyntheticModel model) =>
    [
        ("", Step()),
        ("Model/", model.Classifier.Calibrated()),
        ("Model/Predictor/", model.Classifier.Predictor(model)),
        ("Model/Calibrator/", Platt(model.Classifier.PlattSlope)),
    ];

    private static Component Step()
    {
        var step = new Component("BinaryPredXfer", "BIN\0PRED"u8, 0x00010001);
        step.Write(FeatureSteps.Features);
        step.Block.Write(0f); // the label is whether this is less than
        step.Write("Score");
        return step;
    }

    private static Component Platt(double slope)
    {
        var calibrator = new Component("PlattCaliExec", "PLATTCAL"u8, 0x00010001);
        calibrator.Block.Write(slope);
        calibrator.Block.Write(0d); // offset
        return calibrator;
    }
}
