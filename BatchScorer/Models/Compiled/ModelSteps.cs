using BatchScorer.Errors;
using BatchScorer.Models.Compiled.Format;

namespace BatchScorer.Models.Compiled;

/// <summary>What a model file is made of, whether an engine knows the steps or not.</summary>
internal static class ModelSteps
{
    private const string Chain = "TransformerChain";

    /// <summary>Every component of a model file, containers before what they hold.</summary>
    /// <exception cref="BatchScorerException">The file is damaged or has no ML.NET model in it.</exception>
    public static IReadOnlyList<ModelStep> List(ModelFile file)
    {
        ModelStep[] steps = [.. ModelKey.All(file).Select(key => new ModelStep(key.Path, key.Signature))];
        return steps.Length > 0 ? steps : throw Foreign(file);
    }

    /// <summary>The component a model begins with.</summary>
    /// <exception cref="UnsupportedStepException">It is a data loader that no step follows.</exception>
    internal static ModelKey Root(ModelFile file)
    {
        if (ModelKey.Find(file, Chain) is { } chain)
            return chain;
        throw ModelKey.All(file).FirstOrDefault() is { } loader
            ? loader.Unsupported("is what it begins with, expected a TransformerChain as ML.NET writes since version 1.0")
            : Foreign(file);
    }

    private static BatchScorerException Foreign(ModelFile file) =>
        ModelFault.In(file.Name, "is a zip without an ML.NET model; expected a model.zip saved by MLContext.Model.Save");
}
