using BatchScorer.Errors;

namespace BatchScorer.Models;

/// <summary>Makes the one line that says what is wrong with a model file.</summary>
internal static class ModelFault
{
    /// <summary>A fault of the file as a whole.</summary>
    public static BatchScorerException In(string file, string what, Exception? cause = null) =>
        new(ExitCode.BadConfiguration, $"model file {file}: {what}.", cause);

    /// <summary>An entry whose bytes cannot be what they claim to be.</summary>
    public static BatchScorerException Corrupt(string file, string place, string what) =>
        In(file, $"{place} is corrupt: {what}; save the model again");
}
