using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Factorization;

/// <summary>Field-aware factorization machines (<c>FAFMPredXfer</c>), which predict from several columns of features, a field each.</summary>
internal static class FieldAwareFactorization
{
    private const string Signature = "FieldAwareFactMacPredict";
    private const uint NewestPredictor = 0x00010001;

    public static IEnumerable<string> Signatures => [Signature];

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var predictor = step.Below("Model");
        if (predictor.Signature != Signature)
            throw predictor.Unsupported("is a predictor it does not know");
        predictor.Expect(NewestPredictor);
        var model = predictor.Open();
        var isNormalized = model.Boolean();
        var fieldCount = model.Int32();

        var block = step.Open();
        if (fieldCount <= 0 || fieldCount > block.Remaining / sizeof(int))
            throw predictor.Fault($"it has {fieldCount} fields");
        var fields = new Kernel[fieldCount];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = graph.Column(step, block.Name());
        var threshold = block.Single();
        var thresholdColumn = block.Name();
        block.End();

        var score = Read(predictor, model, isNormalized, fields);
        Prediction.DefineBinary(step, graph, score, new Sigmoid("Probability", score), thresholdColumn, threshold);
    }

    private static FieldInteractions Read(ModelKey predictor, BlockReader model, bool isNormalized, Kernel[] fields)
    {
        var featureCount = model.Int32();
        var rank = model.Int32();
        var weights = model.Array<float>();
        var factors = model.Array<float>();
        model.End();
        var width = fields.Sum(field => (long)Features.Width(predictor, field));
        if (width != featureCount || weights.Length != width || rank <= 0 || factors.Length != width * fields.Length * (long)rank)
            throw predictor.Fault($"it has {weights.Length} weights and {factors.Length} factors for {width} features in {fields.Length} fields");
        return new FieldInteractions(fields, isNormalized, weights, factors, rank);
    }
}
