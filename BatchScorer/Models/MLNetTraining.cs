using BatchScorer.Batches;
using BatchScorer.Errors;

namespace BatchScorer.Models;

/// <summary>What a model is to answer.</summary>
internal enum TrainingTarget
{
    /// <summary>Yes or no, with a probability.</summary>
    Binary,

    /// <summary>A number.</summary>
    Regression,

    /// <summary>One class of several.</summary>
    Multiclass,
}

/// <summary>A column of a CSV file that is trained on.</summary>
/// <param name="Index">Its place in the file.</param>
/// <param name="Name">What the model is to call it.</param>
/// <param name="Kind">The kind of its values.</param>
internal sealed record TrainingColumn(int Index, string Name, ValueKind Kind);

/// <summary>The way to ML.NET's FastTree, which is part of the program where the package feed it was built from has Microsoft.ML.FastTree.</summary>
internal static class MLNetTraining
{
    /// <summary>Whether this build can train.</summary>
    public static bool IsBuiltIn =>
#if MLNET_FASTTREE
        true;
#else
        false;
#endif

    /// <summary>Trains a model with FastTree and saves it.</summary>
    /// <param name="data">A CSV file with a header.</param>
    /// <param name="inputs">What the model is to read.</param>
    /// <param name="label">What happened.</param>
    /// <param name="target">What the model is to answer.</param>
    /// <param name="model">Where it is to go.</param>
    /// <exception cref="BatchScorerException">ML.NET cannot train on these data.</exception>
    public static Task TrainFastTreeAsync(
        string data, IReadOnlyList<TrainingColumn> inputs, TrainingColumn label, TrainingTarget target, string model, CancellationToken cancellationToken) =>
#if MLNET_FASTTREE
        MLNet.FastTreeTraining.TrainAsync(data, inputs, label, target, model, cancellationToken);
#else
        throw Missing();
#endif

    /// <summary>What to say in a build that cannot train.</summary>
    public static BatchScorerException Missing() => new(
        ExitCode.BadConfiguration,
        "This build cannot train with FastTree, because its package feed had no Microsoft.ML.FastTree: name a command in the job file, "
        + "\"retrain\": { \"command\": […] }, or build the program from a feed that has Microsoft.ML.");
}
