using System.Diagnostics;

namespace BatchScorer.Benchmarks.Comparison;

/// <summary>Measures what work takes, of this process and of a server on the same machine.</summary>
internal sealed class Meter(ServerProcesses server)
{
    // Linux forgets a process's peak when this is written (proc(5), clear_refs).
    private const string ClearReferences = "/proc/self/clear_refs";
    private const string ForgetPeak = "5";

    public async Task<Cost> MeasureAsync(Func<Task<long>> work)
    {
        // What came before is not to be collected now.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (File.Exists(ClearReferences))
            await File.WriteAllTextAsync(ClearReferences, ForgetPeak);
        var (client, servers, allocated) = (Environment.CpuUsage.TotalTime, server.ProcessorTime(), GC.GetTotalAllocatedBytes(precise: true));
        var start = Stopwatch.GetTimestamp();
        var rows = await work();
        var elapsed = Stopwatch.GetElapsedTime(start);
        return new Cost(
            rows, elapsed, Environment.CpuUsage.TotalTime - client, server.ProcessorTime() - servers,
            Process.GetCurrentProcess().PeakWorkingSet64, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }
}
