using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Linear;

/// <summary>Linear models of all trainers (<c>LinearModelParameters</c>).</summary>
internal static class LinearPredictor
{
    private const uint SparseWeightsMended = 0x00020001;

    /// <summary>Bias and weighted sum.</summary>
    public static Kernel Compile(ModelKey predictor, Kernel features)
    {
        if (features.Type is not { Kind: ValueKind.Single, IsVector: true, VectorLength: var length })
            throw predictor.Fault($"its features \"{features.Name}\" are {features.Type}, expected a vector of Single");
        if (predictor.Version < SparseWeightsMended)
            throw predictor.Unsupported("is written in a layout from before ML.NET 1.0");
        var block = predictor.Open();
        block.FloatSize();
        var bias = block.Single();
        var expected = block.Int32();
        var slots = block.Array<int>();
        var values = block.Array<float>();
        block.End();
        if (expected != length)
            throw predictor.Fault($"it expects {expected} features, and \"{features.Name}\" has {length}");
        if (values.Length != slots.Length && (slots.Length > 0 || values.Length != length))
            throw predictor.Fault($"it has {values.Length} weights for {slots.Length} of {length} features");
        if (!float.IsFinite(bias) || !values.All(float.IsFinite))
            throw predictor.Fault("a weight is not finite");
        if (values.Length == length)
            return new WeightedSum(features, values, weightedSlots: null, bias);

        var weights = new float[length];
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i] >= length || slots[i] <= (i == 0 ? -1 : slots[i - 1]))
                throw predictor.Fault("the slots of its weights are not in order");
            weights[slots[i]] = values[i];
        }

        return new WeightedSum(features, weights, slots, bias);
    }

    /// <summary>The exponential of the weighted sum, which learned the logarithm of the expected count.</summary>
    public static Kernel CompilePoisson(ModelKey predictor, Kernel features) => new Exponential(Compile(predictor, features));
}
