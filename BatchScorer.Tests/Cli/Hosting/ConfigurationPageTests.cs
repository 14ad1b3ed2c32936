using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;

namespace BatchScorer.Tests.Cli.Hosting;

/// <summary>docs/configuration.md tells what the program does.</summary>
internal sealed class ConfigurationPageTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathTo("docs/configuration.md"));

    [Test]
    public void Every_setting_is_described_with_its_variable_and_default()
    {
        var defaults = new BatchScorerSettings();
        foreach (var property in typeof(BatchScorerSettings).GetProperties())
        {
            var setting = $"{BatchScorerSettings.Section}:{property.Name}";
            var value = property.GetValue(defaults) is { } given ? $"`{given.ToString()!.ToLowerInvariant()}`" : "none";
            Assert.That(Page, Does.Contain($"| `{setting}` | `{ProgramEnvironment.VariableOf(setting)}` | {value} |"));
        }
    }

    [Test]
    public void Every_exit_code_is_described()
    {
        foreach (var exitCode in Enum.GetValues<ExitCode>())
            Assert.That(Page, Does.Contain($"\n| {(int)exitCode} | "));
    }
}
