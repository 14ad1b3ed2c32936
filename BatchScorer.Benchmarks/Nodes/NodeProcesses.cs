using System.Diagnostics;
using BatchScorer.Cli.Hosting;

namespace BatchScorer.Benchmarks.Nodes;

/// <summary>Processes of <c>batchscorer serve</c> on one database, each with room for one partition. Disposing ends them.</summary>
internal sealed class NodeProcesses : IDisposable
{
    private readonly List<Process> processes = [];

    public NodeProcesses(string connectionString, string jobsFolder, int count)
    {
        var settings = new Dictionary<string, string>
        {
            [ConnectionSetting.Path] = connectionString,
            [Setting(nameof(BatchScorerSettings.JobsFolder))] = jobsFolder,
            [Setting(nameof(BatchScorerSettings.NodePartitions))] = "1",
            [Setting(nameof(BatchScorerSettings.HealthAddress))] = "off",
            // Who plans is a worker itself, and takes no second place.
            [$"{SettingNames.QuartzSection}:ThreadPool:MaxConcurrency"] = "1",
            ["Logging:LogLevel:Default"] = "Warning",
        };
        for (var i = 0; i < count; i++)
        {
            var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "batchscorer.dll"), "serve"]);
            foreach (var (setting, value) in settings)
                start.Environment[ProgramEnvironment.VariableOf(setting)] = value;
            processes.Add(Process.Start(start)!);
        }
    }

    /// <summary>Of all of them, since they were started.</summary>
    public TimeSpan ProcessorTime => TimeSpan.FromTicks(Sum(process => process.TotalProcessorTime.Ticks));

    /// <summary>The most memory that each of them had resident at once, in all.</summary>
    public long PeakBytes => Sum(process => process.PeakWorkingSet64);

    /// <exception cref="InvalidOperationException">One has ended by itself; it has said why.</exception>
    public void CheckAlive()
    {
        if (processes.Any(process => process.HasExited))
            throw new InvalidOperationException("A node ended while it was measured.");
    }

    public void Dispose()
    {
        foreach (var process in processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    private long Sum(Func<Process, long> read) => processes.Sum(process =>
    {
        process.Refresh();
        return read(process);
    });

    private static string Setting(string name) => $"{BatchScorerSettings.Section}:{name}";
}
