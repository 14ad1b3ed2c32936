using BatchScorer.Cli;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;

namespace BatchScorer.Tests.BadInput;

/// <summary>
/// Settings of <c>settings.txt</c>: the command after <c>$</c> (otherwise <c>jobs list</c>), environment variables without their
/// prefix, and behind <c>file</c> the recipe of <c>appsettings.json</c>. Expected is the exit code and what standard error says.
/// </summary>
internal sealed class BadSettingsTests
{
    private DirectoryInfo folder = null!;

    private static IReadOnlyList<BadCase> Cases => BadCase.Read("settings.txt");

    [SetUp]
    public void MakeFolder()
    {
        folder = Directory.CreateTempSubdirectory("batchscorer-settings-");
        folder.CreateSubdirectory("jobs");
        File.WriteAllText(Path.Combine(folder.FullName, "password"), "hush");
    }

    [TearDown]
    public void RemoveFolder() => folder.Delete(recursive: true);

    [TestCaseSource(nameof(Cases))]
    public async Task A_bad_setting_says_exactly_what_is_wrong(BadCase bad)
    {
        var file = bad.Lines.Where(line => line.StartsWith("file ", StringComparison.Ordinal)).ToArray();
        var command = bad.Lines.FirstOrDefault(line => line.StartsWith("$ ", StringComparison.Ordinal));
        var variables = bad.Lines.Except(file).Where(line => line != command).Select(line => line.Split('=', 2));
        await File.WriteAllBytesAsync(
            Path.Combine(folder.FullName, "appsettings.json"), file.Length == 0 ? "{}"u8.ToArray() : ByteRecipe.Make(file.Select(line => line["file ".Length..])));

        var (exitCode, progress) = await RunAsync(
            variables.ToDictionary(pair => ProgramEnvironment.Prefix + pair[0], pair => pair[1]),
            command?["$ ".Length..] ?? "jobs list");

        Assert.That($"{exitCode}: {progress.Replace(folder.FullName, "", StringComparison.Ordinal).TrimEnd('\n')}", Is.EqualTo(bad.Expected));
        Assert.That(progress, Does.Not.Contain("hush"), "a password");
    }

    private async Task<(int ExitCode, string Progress)> RunAsync(Dictionary<string, string> variables, string command)
    {
        using var results = new StringWriter { NewLine = "\n" };
        using var progress = new StringWriter { NewLine = "\n" };
        var environment = new ProgramEnvironment(folder.FullName, folder.FullName, variables);
        var exitCode = await CommandLine.InvokeAsync(command.Split(' '), Terminal.To(results, progress), environment, new StopRequest());
        return (exitCode, progress.ToString());
    }
}
