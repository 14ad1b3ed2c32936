using System.Collections;
using BatchScorer.Checkpoints;

namespace BatchScorer.Cli.Hosting;

/// <summary>What surrounds the process. Tests have their own.</summary>
/// <param name="WorkingFolder">Where the user is.</param>
/// <param name="ProgramFolder">Where the program is.</param>
/// <param name="Variables">Environment variables.</param>
internal sealed record ProgramEnvironment(string WorkingFolder, string ProgramFolder, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>Beginning of the environment variables that are settings.</summary>
    public const string Prefix = "BATCHSCORER_";

    private const string SettingsFile = "appsettings.json";

    /// <summary>The environment of this process.</summary>
    public static ProgramEnvironment OfProcess { get; } = new(
        Environment.CurrentDirectory,
        AppContext.BaseDirectory,
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? ""));

    /// <summary>The folder that relative paths in settings start from: the working folder if it has settings, otherwise the program's own.</summary>
    public string ContentFolder => File.Exists(Path.Combine(WorkingFolder, SettingsFile)) ? WorkingFolder : ProgramFolder;

    /// <summary>Whether output may have colours: not with <c>NO_COLOR</c> set to anything, as no-color.org has it.</summary>
    public bool HasColours => !(Variables.TryGetValue("NO_COLOR", out var value) && value.Length > 0);

    /// <summary>The file with the settings; need not exist.</summary>
    public string SettingsPath => Path.Combine(ContentFolder, SettingsFile);

    /// <summary>The settings among the variables, <c>BATCHSCORER_A__B</c> as <c>A:B</c>.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings =>
        from variable in Variables
        where variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && variable.Key != Checkpoint.Variable
        select KeyValuePair.Create(variable.Key[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value);

    /// <summary>The variable that sets a setting such as <c>A:B</c>.</summary>
    public static string VariableOf(string setting) => Prefix + setting.Replace(":", "__", StringComparison.Ordinal);
}
