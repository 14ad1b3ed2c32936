using BatchScorer.Models.Compiled;

namespace BatchScorer.Models;

/// <summary>Loads a model with the engine that a job asks for.</summary>
internal static class ModelLoader
{
    public static IModel Load(ModelFile file, EngineChoice engine) => engine is EngineChoice.MLNet
        ? throw new NotSupportedException($"{file.Name}: engine mlnet")
        : CompiledModel.Load(file);
}
