using System.Diagnostics;
using BatchScorer.Cli.Hosting;

namespace BatchScorer.Tests.Processes;

/// <summary>The real program as a process of its own, which a test can do things to that it cannot do to itself.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> results;
    private readonly Task<string> progress;

    private ProgramProcess(Process process)
    {
        this.process = process;
        results = process.StandardOutput.ReadToEndAsync();
        progress = process.StandardError.ReadToEndAsync();
    }

    public bool HasExited => process.HasExited;

    /// <summary>Starts the program.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="jobs">The folder of the job files.</param>
    /// <param name="arguments">The command.</param>
    public static ProgramProcess Start(string connectionString, string jobs, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = jobs,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "batchscorer.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[ProgramEnvironment.VariableOf(ConnectionSetting.Path)] = connectionString;
        start.Environment[ProgramEnvironment.VariableOf($"{BatchScorerSettings.Section}:{nameof(BatchScorerSettings.JobsFolder)}")] = jobs;
        return new ProgramProcess(Process.Start(start)!);
    }

    /// <summary>SIGKILL: the program has no say in it.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code, and everything that was printed.</returns>
    public async Task<(int ExitCode, string Output)> WaitAsync()
    {
        await process.WaitForExitAsync();
        return (process.ExitCode, await results + await progress);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
