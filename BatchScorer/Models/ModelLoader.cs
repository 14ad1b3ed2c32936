using System.Diagnostics;
using BatchScorer.Errors;
using BatchScorer.Models.Catalog;
using BatchScorer.Models.Compiled;
using BatchScorer.Telemetry;

namespace BatchScorer.Models;

/// <summary>Loads a model with the engine that is asked for, or that can.</summary>
internal static class ModelLoader
{
    /// <summary>
    /// Loads a model. With <see cref="EngineChoice.Auto"/> that is Compiled where it knows every step, checked on its first
    /// batch against MLNet where this build has it and it has the packages of every step; otherwise MLNet.
    /// </summary>
    /// <param name="file">The model.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="outputs">The columns to answer; null for those that the predictor and the steps behind it make.</param>
    /// <exception cref="BatchScorerException">The model is damaged, or no engine of those asked for can score it.</exception>
    public static IModel Load(ModelFile file, EngineChoice engine, IReadOnlyCollection<string>? outputs = null)
    {
        using var span = RunSpans.Load(file.Name);
        var started = Stopwatch.GetTimestamp();
        var model = engine switch
        {
            EngineChoice.Compiled => CompiledModel.Load(file, outputs),
            EngineChoice.MLNet => MLNetEngine.Load(file, outputs),
            _ => LoadAny(file, outputs),
        };
        ResourceMetrics.ModelLoaded(model.Engine, Stopwatch.GetElapsedTime(started));
        return model;
    }

    private static IModel LoadAny(ModelFile file, IReadOnlyCollection<string>? outputs)
    {
        if (CompiledModel.TryLoad(file, out var model, out var reason, outputs))
        {
            return MLNetEngine.IsBuiltIn && StepCatalog.AreInMLNet(ModelSteps.List(file))
                ? new CheckedModel(model, MLNetEngine.Load(file, outputs), AnswerComparison.ToleranceOf(model))
                : model;
        }

        return MLNetEngine.IsBuiltIn
            ? MLNetEngine.Load(file, outputs)
            : throw ModelFault.In(file.Name, $"the Compiled engine cannot score it: {reason}; the MLNet engine could, "
                + "but this build lacks it: build the program from a package feed that has Microsoft.ML");
    }
}
