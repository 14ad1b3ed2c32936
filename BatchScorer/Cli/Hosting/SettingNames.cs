using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using BatchScorer.Errors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Cli.Hosting;

/// <summary>Refuses settings that nobody reads: a mistyped name would otherwise leave a default in place, silently.</summary>
internal static class SettingNames
{
    /// <summary>What Quartz reads itself; checked by those commands that have Quartz.</summary>
    public const string QuartzSection = "Quartz";

    private static readonly string[] Sections = ["ConnectionStrings", BatchScorerSettings.Section, QuartzSection, ConsoleLogs.Section];

    private static readonly string[] Names = [.. typeof(BatchScorerSettings).GetProperties().Select(property => property.Name)];

    /// <summary>Checks the sections, and the names in the section of this program.</summary>
    /// <exception cref="BatchScorerException">A name is unknown; the message has a line for each.</exception>
    public static void Check(IConfiguration settings, string file)
    {
        var own = settings.GetSection(BatchScorerSettings.Section);
        string[] faults =
        [
            .. Unknown(settings, Sections).Concat(Unknown(own, Names)).Concat(UnknownOfLogs(settings)).Select(fault => $"Unknown setting {fault.Path}{fault.Remedy} {Place(fault.Path, file)}"),
            .. Misshapen(settings, own).Concat(Mistyped(own)).Concat(UnknownLevels(settings)).Concat(UnknownForm(settings)).Select(fault => $"{fault.Path}: {fault.Fault}. {Place(fault.Path, file)}"),
        ];
        if (faults.Length > 0)
            throw new BatchScorerException(ExitCode.BadConfiguration, string.Join('\n', faults));
    }

    private static string Place(string path, string file) => $"It stands in {file} or in the environment, as {ProgramEnvironment.VariableOf(path)}.";

    /// <summary>A text where a section goes, or the other way round, would be passed over.</summary>
    private static IEnumerable<(string Path, string Fault)> Misshapen(IConfiguration settings, IConfiguration own) =>
        settings.GetChildren().Where(section => section.Value is { Length: > 0 } && Sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
            .Select(section => (section.Path, $"expected a section with settings in it, got \"{section.Value}\""))
            .Concat(own.GetChildren().Where(setting => setting.GetChildren().Any() && Names.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
                .Select(setting => (setting.Path, "expected a text, got a list or a section")));

    private static IEnumerable<(string Path, string Fault)> Mistyped(IConfiguration own) =>
        from property in typeof(BatchScorerSettings).GetProperties()
        let type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType
        let value = own[property.Name]
        let range = property.GetCustomAttribute<RangeAttribute>()
        where value is { Length: > 0 } && !(IsOf(type, value) && range?.IsValid(value) is not false)
        select ($"{BatchScorerSettings.Section}:{property.Name}", $"expected {Expected(type, range)}, got \"{value}\"");

    private static bool IsOf(Type type, string value) =>
        type.IsEnum ? Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase) : TypeDescriptor.GetConverter(type).IsValid(value);

    private static string Expected(Type type, RangeAttribute? range) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Select(name => name.ToLowerInvariant()))}" : type == typeof(bool) ? "true or false" : range is not null ? $"a whole number from {range.Minimum} to {range.Maximum}" : "a time as hours:minutes:seconds, such as 04:00:00";

    private static IEnumerable<(string Path, string Fault)> UnknownLevels(IConfiguration settings) =>
        from section in settings.GetSection(ConsoleLogs.Section).GetChildren().SelectMany(child => child.GetChildren().Prepend(child))
        where section.Key.Equals("LogLevel", StringComparison.OrdinalIgnoreCase)
        from level in section.GetChildren()
        where level.Value is { Length: > 0 } && !Enum.GetNames<LogLevel>().Contains(level.Value, StringComparer.OrdinalIgnoreCase)
        select (level.Path, $"expected one of {string.Join(", ", Enum.GetNames<LogLevel>())}, got \"{level.Value}\"");

    private static IEnumerable<(string Path, string Fault)> UnknownForm(IConfiguration settings) =>
        settings[ConsoleLogs.Form] is { Length: > 0 } form && !ConsoleLogs.Forms.Contains(form, StringComparer.OrdinalIgnoreCase)
            ? [(ConsoleLogs.Form, $"expected one of {string.Join(", ", ConsoleLogs.Forms)}, got \"{form}\"")]
            : [];

    /// <summary>There is one provider of logs, and what it prints is not for everybody to set.</summary>
    private static IEnumerable<(string Path, string Remedy)> UnknownOfLogs(IConfiguration settings)
    {
        var logs = settings.GetSection(ConsoleLogs.Section);
        return Unknown(logs, ["LogLevel", "Console"]).Concat(Unknown(logs.GetSection("Console"), ["LogLevel", "FormatterName"]));
    }

    private static IEnumerable<(string Path, string Remedy)> Unknown(IConfiguration section, string[] known) =>
        from child in section.GetChildren()
        where !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
        select (child.Path, Suggestion.For(child.Key, known) is { Length: > 0 } suggestion ? suggestion : $", expected one of {string.Join(", ", known)}.");
}
