using BatchScorer.Cli;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Health;

namespace BatchScorer.Tests.Deployment;

/// <summary>What the files in <c>deploy/</c> have the program do is what it can do.</summary>
internal static class DeployedCommand
{
    /// <summary>Checks a command line by the program's own commands and options, and the settings of its environment by their names.</summary>
    /// <param name="arguments">What stands behind the program's name.</param>
    /// <param name="variables">The environment.</param>
    public static void Check(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables)
    {
        var environment = new ProgramEnvironment(Path.GetTempPath(), Path.GetTempPath(), variables);
        using var stop = new StopRequest();
        var words = arguments.ToList();
        var parse = CommandLine.CreateRoot(new CommandContext(Terminal.To(TextWriter.Null, TextWriter.Null), environment, stop)).Parse(words);
        Assert.That(parse.Errors.Select(error => error.Message), Is.Empty, $"batchscorer {string.Join(' ', words)}");

        using var host = ProgramHost.Build(environment, []);
        Assert.That(variables.Keys.Where(name => !name.StartsWith(ProgramEnvironment.Prefix, StringComparison.Ordinal)), Is.SubsetOf(new[] { "OTEL_EXPORTER_OTLP_ENDPOINT", "DOTNET_EnableDiagnostics" }));
        Assert.That(HealthAddress.Parse("address", host.Settings.HealthAddress), Is.Not.Null);
    }

    /// <summary>Exit codes after which another start is pointless.</summary>
    public static readonly int[] Final = [(int)ExitCode.Usage, (int)ExitCode.BadConfiguration];
}
