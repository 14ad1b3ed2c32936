using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors;

/// <summary>What predictors insist on in the column they predict from.</summary>
internal static class Features
{
    /// <summary>Insists on a vector of Single, and returns its length.</summary>
    public static int Width(ModelKey predictor, Kernel features) => features.Type is { Kind: ValueKind.Single, IsVector: true, VectorLength: var length }
        ? length
        : throw predictor.Fault($"its features \"{features.Name}\" are {features.Type}, expected a vector of Single");

    /// <summary>Insists on a vector of Single of the length that the predictor expects, and returns that.</summary>
    public static int Width(ModelKey predictor, Kernel features, int expected) => Width(predictor, features) == expected
        ? expected
        : throw predictor.Fault($"it expects {expected} features, and \"{features.Name}\" has {features.Type.Width}");
}
