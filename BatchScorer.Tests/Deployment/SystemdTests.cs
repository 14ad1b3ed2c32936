using System.ComponentModel;
using System.Diagnostics;
using BatchScorer.Cli.Hosting;

namespace BatchScorer.Tests.Deployment;

internal sealed class SystemdTests
{
    private const string Program = "/opt/batchscorer/batchscorer";

    private static readonly string Unit = Repository.PathTo("deploy/systemd/batchscorer.service");

    private static readonly ILookup<string, string> Lines = File.ReadLines(Unit)
        .Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2 && !parts[0].StartsWith('#')).ToLookup(parts => parts[0], parts => parts[1]);

    [Test]
    public void It_has_a_command_and_settings_of_the_program()
    {
        var words = Lines["ExecStart"].Single().Split(' ');
        var variables = Lines["Environment"].Select(line => line.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);

        Assert.That(words[0], Is.EqualTo(Program));
        DeployedCommand.Check(words.Skip(1), variables);
        Assert.That(variables[ProgramEnvironment.VariableOf(ConnectionSetting.PasswordFile)], Is.EqualTo($"%d/{Lines["LoadCredential"].Single().Split(':')[0]}"));
    }

    [Test]
    public void It_starts_again_but_where_that_mends_nothing()
    {
        Assert.That(Lines["Restart"], Is.EqualTo(new[] { "on-failure" }));
        Assert.That(Lines["RestartPreventExitStatus"].Single().Split(' ').Select(int.Parse), Is.EqualTo(DeployedCommand.Final));
    }

    [Test]
    public async Task Systemd_finds_no_fault_in_it_but_that_the_program_is_not_installed()
    {
        using var verify = Start("systemd-analyze", "verify", Unit);

        var faults = await verify.StandardError.ReadToEndAsync();
        await verify.WaitForExitAsync();

        Assert.That(faults.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.SubsetOf(new[] { $"batchscorer.service: Command {Program} is not executable: No such file or directory" }));
    }

    private static Process Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            Assert.Ignore($"There is no {program} on this machine.");
            throw;
        }
    }
}
