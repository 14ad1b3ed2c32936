using System.Text.RegularExpressions;
using BatchScorer.Errors;

namespace BatchScorer.Models;

/// <summary>
/// A registered model as jobs and commands name it: <c>churn@2026-11-20</c>, <c>churn@champion</c> for the version that is promoted, or
/// <c>churn@newest</c> for the one that was registered last.
/// </summary>
internal sealed partial record ModelReference(string Name, string Version)
{
    /// <summary>The alias of the version that is promoted.</summary>
    public const string Champion = "champion";

    /// <summary>The alias of the version that was registered last.</summary>
    public const string Newest = "newest";

    public const string NamePattern = "^[a-z][a-z0-9_]{0,39}$";

    public const string ExpectedName = "a name of at most 40 small letters, digits and _ that starts with a letter";

    public const string ExpectedVersion = "a version of at most 100 letters, digits, dots, - and _ that starts with a letter or a digit, such as \"2026-11-20\"";

    public const string Pattern = "^[a-z][a-z0-9_]{0,39}@[A-Za-z0-9][A-Za-z0-9._-]{0,99}$";

    public const string ExpectedReference = "a registered model and its version, such as \"churn@2026-11-20\"";

    public bool IsChampion => Version == Champion;

    public bool IsNewest => Version == Newest;

    public static bool IsName(string text) => NameForm().IsMatch(text);

    /// <summary>Whether a text can be the version of a model; an alias cannot, in whatever case.</summary>
    public static bool IsVersion(string text) => VersionForm().IsMatch(text) && !text.Equals(Champion, StringComparison.OrdinalIgnoreCase) && !text.Equals(Newest, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads <c>name@version</c>.</summary>
    /// <exception cref="BatchScorerException">It is not of that form.</exception>
    public static ModelReference Parse(string text)
    {
        var parts = text.Split('@');
        return parts is [var name, var version] && IsName(name) && (version is Champion or Newest || IsVersion(version))
            ? new ModelReference(name, version)
            : throw new BatchScorerException(ExitCode.Usage, $"\"{text}\" names no version of a model: expected NAME@VERSION, such as churn@2026-11-20 or churn@{Champion}.");
    }

    public override string ToString() => $"{Name}@{Version}";

    [GeneratedRegex(NamePattern)]
    private static partial Regex NameForm();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    private static partial Regex VersionForm();
}
