using BatchScorer.Errors;

namespace BatchScorer.Models;

/// <summary>Makes the one line that says what is wrong with a model file.</summary>
internal static class ModelFault
{
    private const int LongestMessage = 2000;

    /// <summary>A fault of the file as a whole.</summary>
    public static BatchScorerException In(string file, string what, Exception? cause = null) =>
        new(ExitCode.BadConfiguration, $"model file {file}: {Printable(what)}.", cause);

    /// <summary>An entry whose bytes cannot be what they claim to be.</summary>
    public static BatchScorerException Corrupt(string file, string place, string what) =>
        In(file, $"{place} is corrupt: {what}; save the model again");

    /// <summary>Names in a file may hold anything: in a message they take one line of bounded length, and steer no terminal.</summary>
    private static string Printable(string what)
    {
        var line = string.Concat(what.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
        return line.Length <= LongestMessage ? line : $"{line[..LongestMessage]}…";
    }
}
