using BatchScorer.Errors;

namespace BatchScorer.Models;

/// <summary>
/// The way to the MLNet engine, which is part of the program where the package feed it was built from has Microsoft.ML.
/// </summary>
internal static class MLNetEngine
{
    /// <summary>The engine's name in job files and records.</summary>
    public const string Name = "MLNet";

    /// <summary>Whether this build has the engine.</summary>
    public static bool IsBuiltIn =>
#if MLNET
        true;
#else
        false;
#endif

    /// <summary>Loads a model with ML.NET.</summary>
    /// <param name="file">A model file that can be trusted: ML.NET loads the assemblies it names.</param>
    /// <param name="outputs">
    /// The model's columns to answer; null for those that the predictor and the steps behind it add, or, in a model without
    /// a predictor, for all that its steps add.
    /// </param>
    /// <exception cref="BatchScorerException">
    /// This build lacks the engine, ML.NET cannot load the file, or a column is not in the model or of a type not supported.
    /// </exception>
    public static IModel Load(ModelFile file, IReadOnlyCollection<string>? outputs = null) =>
#if MLNET
        MLNet.MLNetModel.Load(file, outputs);
#else
        throw new BatchScorerException(
            ExitCode.BadConfiguration,
            $"model file {file.Name}: this build lacks the MLNet engine, because its package feed had no Microsoft.ML; " +
            "set \"engine\": \"compiled\", or build the program from a feed that has Microsoft.ML.");
#endif
}
