using System.Text.Json;
using BatchScorer.Cli;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;

namespace BatchScorer.Tests.Cli;

/// <summary>What a command line answered.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Results">What it wrote to standard output.</param>
/// <param name="Progress">What it wrote to standard error.</param>
internal sealed record Invocation(ExitCode ExitCode, string Results, string Progress)
{
    /// <summary>The result as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Results).RootElement;

    /// <summary>Runs a command in this process, from the top of the repository and with no other settings than those given.</summary>
    /// <param name="settings">Environment variables.</param>
    /// <param name="arguments">The command line.</param>
    public static Task<Invocation> RunAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments) =>
        RunAsync(settings, new StopRequest(), arguments);

    /// <inheritdoc cref="RunAsync(IReadOnlyDictionary{string, string}, string[])"/>
    public static Task<Invocation> RunAsync(IReadOnlyDictionary<string, string> settings, StopRequest stop, params string[] arguments) =>
        RunAsync(settings, stop, input: null, output: null, arguments);

    /// <inheritdoc cref="RunAsync(IReadOnlyDictionary{string, string}, string[])"/>
    /// <param name="settings">Environment variables.</param>
    /// <param name="stop">Ends it early.</param>
    /// <param name="input">What it reads as standard input.</param>
    /// <param name="output">Where data goes that it writes to standard output.</param>
    /// <param name="arguments">The command line.</param>
    public static async Task<Invocation> RunAsync(
        IReadOnlyDictionary<string, string> settings, StopRequest stop, Stream? input, Stream? output, params string[] arguments)
    {
        using var results = new StringWriter { NewLine = "\n" };
        using var progress = new StringWriter { NewLine = "\n" };
        var environment = new ProgramEnvironment(Repository.Root, AppContext.BaseDirectory, settings);
        var exitCode = await CommandLine.InvokeAsync(arguments, Terminal.To(results, progress, input, output), environment, stop);
        return new Invocation((ExitCode)exitCode, results.ToString(), progress.ToString());
    }

    /// <summary>Runs a command that needs no settings.</summary>
    public static Task<Invocation> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    /// <summary>The shape of a JSON value: the names in it and the kinds of their values, items of an array once.</summary>
    public static string ShapeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(", ", value.EnumerateObject().Select(property => $"{property.Name}: {ShapeOf(property.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(" | ", value.EnumerateArray().Select(ShapeOf).Distinct())}]",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ValueKind.ToString().ToLowerInvariant(),
    };
}
