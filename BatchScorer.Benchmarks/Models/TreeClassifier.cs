namespace BatchScorer.Benchmarks.Models;

/// <summary>The step that classifies by the sum of random trees and calibrates it, as ML.NET does for FastTree.</summary>
internal static class TreeClassifier
{
    private const double PlattSlope = -0.4;

    /// <summary>The step's entries, each with its folder below the step.</summary>
    public static IReadOnlyList<(string Folder, Component Component)> Of(SyntheticModel model) =>
    [
        ("", Step()),
        ("Model/", new Component("FeatWCaliPredExec", "FTWTCALP"u8, 0x00010001)),
        ("Model/Predictor/", FastTree(model)),
        ("Model/Calibrator/", Platt()),
    ];

    private static Component Step()
    {
        var step = new Component("BinaryPredXfer", "BIN\0PRED"u8, 0x00010001);
        step.Write(FeatureSteps.Features);
        step.Block.Write(0f); // the label is whether this is less than
        step.Write("Score");
        return step;
    }

    private static Component FastTree(SyntheticModel model)
    {
        var random = new Random(model.Seed);
        var predictor = new Component("FastTreeBinaryExec", "FTREE\0BC"u8, 0x00010005, "Microsoft.ML.FastTree");
        predictor.Block.Write(sizeof(float));
        predictor.Block.Write(model.Trees);
        for (var i = 0; i < model.Trees; i++)
            RandomTree.Grow(model, random).Write(predictor.Block);
        predictor.Block.Write(0d); // bias
        predictor.Write(null);
        predictor.Write(null); // the trainer's options
        predictor.Block.Write(model.FeatureCount);
        return predictor;
    }

    private static Component Platt()
    {
        var calibrator = new Component("PlattCaliExec", "PLATTCAL"u8, 0x00010001);
        calibrator.Block.Write(PlattSlope);
        calibrator.Block.Write(0d); // offset
        return calibrator;
    }
}
