namespace BatchScorer.Benchmarks.Models;

/// <summary>The sum of random trees, as FastTree's classifiers have it.</summary>
/// <param name="Trees">How many.</param>
/// <param name="Leaves">Of each tree, 2 at least.</param>
internal sealed record TreeClassifier(int Trees, int Leaves) : ISyntheticClassifier
{
    public double PlattSlope => -0.4;

    public Component Calibrated() => new("FeatWCaliPredExec", "FTWTCALP"u8, 0x00010001);

    public Component Predictor(SyntheticModel model)
    {
        var random = new Random(model.Seed);
        var predictor = new Component("FastTreeBinaryExec", "FTREE\0BC"u8, 0x00010005, "Microsoft.ML.FastTree");
        predictor.Block.Write(sizeof(float));
        predictor.Block.Write(Trees);
        for (var i = 0; i < Trees; i++)
            RandomTree.Grow(model, Leaves, greatest: 1 / Math.Sqrt(Trees), random).Write(predictor.Block);
        predictor.Block.Write(0d); // bias
        predictor.Write(null);
        predictor.Write(null); // the trainer's options
        predictor.Block.Write(model.FeatureCount);
        return predictor;
    }

    public override string ToString() => $"{Trees} trees x {Leaves} leaves";
}
