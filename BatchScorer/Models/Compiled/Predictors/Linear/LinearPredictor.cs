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
        if (predictor.Version < SparseWeightsMended)
            throw predictor.Unsupported("is written in a layout from before ML.NET 1.0");
        var block = predictor.Open();
        var sum = Read(predictor, features, block);
        block.End();
        return sum;
    }

    /// <summary>The exponential of the weighted sum, which learned the logarithm of the expected count.</summary>
    public static Kernel CompilePoisson(ModelKey predictor, Kernel features) => new Exponential(Compile(predictor, features));

    /// <summary>The weighted sum, followed in the file by statistics of training (<c>OlsModelParameters</c>).</summary>
    public static Kernel CompileLeastSquares(ModelKey predictor, Kernel features)
    {
        var block = predictor.Open();
        var sum = Read(predictor, features, block);
        block.Double(); // r squared
        block.Double(); // and adjusted
        if (block.Boolean())
            block.Values<double>(3 * (features.Type.Width + 1)); // standard error, t and p of bias and weights
        block.End();
        return sum;
    }

    private static Kernel Read(ModelKey predictor, Kernel features, BlockReader block)
    {
        block.FloatSize();
        var bias = block.Single();
        Features.Width(predictor, features, block.Int32());
        return Sum(predictor, features, bias, block.Array<int>(), block.Array<float>());
    }

    /// <summary>Bias and weighted sum, with weights for the slots given or, where none are, for all.</summary>
    public static Kernel Sum(ModelKey predictor, Kernel features, float bias, int[] slots, float[] values)
    {
        var length = features.Type.Width;
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
}
