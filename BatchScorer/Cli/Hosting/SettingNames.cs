using BatchScorer.Errors;
using Microsoft.Extensions.Configuration;

namespace BatchScorer.Cli.Hosting;

/// <summary>Refuses settings that nobody reads: a mistyped name would otherwise leave a default in place, silently.</summary>
internal static class SettingNames
{
    private static readonly string[] Sections = ["ConnectionStrings", BatchScorerSettings.Section, "Logging"];

    private static readonly string[] Names = [.. typeof(BatchScorerSettings).GetProperties().Select(property => property.Name)];

    /// <summary>Checks the sections, and the names in the section of this program.</summary>
    /// <exception cref="BatchScorerException">A name is unknown; the message has a line for each.</exception>
    public static void Check(IConfiguration settings, string file)
    {
        var faults = Unknown(settings, Sections).Concat(Unknown(settings.GetSection(BatchScorerSettings.Section), Names)).ToList();
        if (faults.Count > 0)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration, string.Join('\n', faults.Select(fault =>
                $"Unknown setting {fault.Path}{fault.Remedy} It stands in {file} or in the environment, as {ProgramEnvironment.VariableOf(fault.Path)}.")));
        }
    }

    private static IEnumerable<(string Path, string Remedy)> Unknown(IConfiguration section, string[] known) =>
        from child in section.GetChildren()
        where !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
        select (child.Path, Suggestion.For(child.Key, known) is { Length: > 0 } suggestion ? suggestion : $", expected one of {string.Join(", ", known)}.");
}
