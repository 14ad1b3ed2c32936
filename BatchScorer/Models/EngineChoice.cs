namespace BatchScorer.Models;

/// <summary>Which engine is to score a model.</summary>
internal enum EngineChoice
{
    /// <summary>Compiled where it knows every step of the model, otherwise MLNet.</summary>
    Auto,

    /// <summary>The engine of this program, or an error where it lacks a step.</summary>
    Compiled,

    /// <summary>Microsoft.ML, or an error where the build has none.</summary>
    MLNet,
}
