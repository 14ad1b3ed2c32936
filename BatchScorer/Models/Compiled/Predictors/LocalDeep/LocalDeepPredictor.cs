using System.Numerics;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.LocalDeep;

/// <summary>Local deep support vector machines (<c>LdSvmModelParameters</c>): a full binary tree of linear models.</summary>
internal static class LocalDeepPredictor
{
    public static Kernel Compile(ModelKey predictor, Kernel features)
    {
        var block = predictor.Open();
        block.FloatSize();
        var leaves = block.Int32();
        var width = Features.Width(predictor, features, block.Int32());
        var sharpness = block.Single();
        if (leaves <= 1 || !BitOperations.IsPow2(leaves) || (5L * leaves - 3) * (width + 1L) * sizeof(float) > block.Remaining)
            throw predictor.Fault($"it announces {leaves} leaves in {block.Remaining} bytes");
        var nodes = 2 * leaves - 1;
        var (weights, gates, branches) = (Read(block, nodes, width), Read(block, nodes, width), Read(block, leaves - 1, width));
        var (weightBiases, branchBiases, gateBiases) = (block.Values<float>(nodes), block.Values<float>(leaves - 1), block.Values<float>(nodes));
        block.End();
        return new PathOfMargins(features, sharpness, Pair(weights, weightBiases), Pair(gates, gateBiases), Pair(branches, branchBiases));
    }

    private static float[][] Read(BlockReader block, int count, int width) => [.. Enumerable.Range(0, count).Select(_ => block.Values<float>(width))];

    private static (float[] Weights, float Bias)[] Pair(float[][] weights, float[] biases) => [.. weights.Zip(biases)];
}
