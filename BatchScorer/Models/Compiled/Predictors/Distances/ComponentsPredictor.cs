using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Predictors.Linear;

namespace BatchScorer.Models.Compiled.Predictors.Distances;

/// <summary>Principal components (<c>PcaModelParameters</c>): the mean, if rows are centred, and the components.</summary>
internal static class ComponentsPredictor
{
    public static Kernel Compile(ModelKey predictor, Kernel features)
    {
        var block = predictor.Open();
        block.FloatSize();
        var width = Features.Width(predictor, features, block.Int32());
        var rank = block.Int32();
        var mean = block.Boolean() ? block.Values<float>(width) : null;
        if (rank < 0 || (long)rank * width * sizeof(float) > block.Remaining)
            throw predictor.Fault($"it announces {rank} components in {block.Remaining} bytes");
        var components = new float[rank][];
        for (var i = 0; i < rank; i++)
            components[i] = block.Values<float>(width);
        block.End();
        if (!components.Append(mean ?? []).All(values => values.All(float.IsFinite)))
            throw predictor.Fault("a component or the mean is not finite");
        return new DistanceFromComponents(
            features, mean, mean is null ? 0 : DotProduct.SumOfSquares(mean), components, [.. components.Select(values => mean is null ? 0 : DotProduct.Dense(values, mean))]);
    }
}
