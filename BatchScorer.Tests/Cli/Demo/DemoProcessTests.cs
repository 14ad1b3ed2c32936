using System.Diagnostics;
using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Cli.Demo;

/// <summary>The built program, as a newcomer starts it: with nothing configured.</summary>
[Platform("Linux")]
internal sealed class DemoProcessTests
{
    private DirectoryInfo temporary = null!;

    [SetUp]
    public async Task MakeFolder()
    {
        // Where there is no server to start, the demo has nothing to show either.
        await TestServer.GetAsync(ServerKind.Installed);
        // Root's server is another user's, who has to get there.
        temporary = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"batchscorer-test-{Path.GetRandomFileName()}"));
    }

    [TearDown]
    public void RemoveFolder() => temporary?.Delete(recursive: true);

    [Test]
    public async Task It_starts_a_server_shows_scores_and_leaves_nothing_behind()
    {
        using var demo = Start("demo", "--rows", "500");
        var results = await demo.StandardOutput.ReadToEndAsync();
        await demo.WaitForExitAsync();

        Assert.That(demo.ExitCode, Is.Zero);
        Assert.That(results, Does.Contain("500 read, 500 scored").And.Contain("The demo's server is gone again"));
        Assert.That(temporary.EnumerateFileSystemInfos("batchscorer-*"), Is.Empty);
    }

    [TestCase("INT", ExitCode.Interrupted)]
    [TestCase("TERM", ExitCode.Terminated)]
    public async Task Stopped_by_a_signal_it_takes_its_server_and_folder_with_it(string signal, ExitCode expected)
    {
        using var demo = Start("demo", "--rows", "1000000", "--keep");
        while (await demo.StandardError.ReadLineAsync() is { } line && !line.StartsWith("Loading", StringComparison.Ordinal))
        {
        }

        var server = temporary.EnumerateDirectories("batchscorer-*").Single();
        using (var kill = Process.Start("kill", [$"-{signal}", $"{demo.Id}"]))
            await kill.WaitForExitAsync();
        await demo.WaitForExitAsync();

        Assert.That((ExitCode)demo.ExitCode, Is.EqualTo(expected));
        Assert.That(Directory.Exists(server.FullName), Is.False);
    }

    private Process Start(params string[] arguments)
    {
        // A process that ignores SIGINT, as those in the background of a shell do, hands that on; env sets it right.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "batchscorer.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = temporary.FullName,
        };
        start.Environment["TMPDIR"] = temporary.FullName;
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("BATCHSCORER_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(variable);
        return Process.Start(start)!;
    }
}
