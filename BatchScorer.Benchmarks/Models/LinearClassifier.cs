namespace BatchScorer.Benchmarks.Models;

/// <summary>A random weight for each feature, as ML.NET's logistic regression has them.</summary>
internal sealed record LinearClassifier : ISyntheticClassifier
{
    public double PlattSlope => -1;

    public Component Calibrated() => new("PMixCaliPredExec", "PMIXCALP"u8, 0x00010001);

    public Component Predictor(SyntheticModel model)
    {
        var random = new Random(model.Seed);
        var predictor = new Component("Linear2CExec", "LINEAR2C"u8, 0x00020002, "Microsoft.ML.StandardTrainers");
        predictor.Block.Write(sizeof(float));
        predictor.Block.Write(0f); // bias
        predictor.Block.Write(model.FeatureCount);
        predictor.Block.Write(0); // no list of the features that have a weight: all have one
        predictor.Block.Write(model.FeatureCount);
        for (var i = 0; i < model.FeatureCount; i++)
            predictor.Block.Write(random.NextSingle() * 2 - 1);
        return predictor;
    }

    public override string ToString() => "a linear model";
}
