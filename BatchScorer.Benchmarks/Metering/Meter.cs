using System.Diagnostics;

namespace BatchScorer.Benchmarks.Metering;

/// <summary>Measures what work takes, of client and server on this machine.</summary>
/// <param name="server">The server.</param>
/// <param name="clients">The processes that do the work.</param>
internal sealed class Meter(ServerProcesses server, params IReadOnlyList<Process> clients)
{
    // Linux forgets a process's peak when this is written to its clear_refs (proc(5)).
    private const string ForgetPeak = "5";

    /// <param name="work">Gives the number of rows it has written. What this process allocates meanwhile counts as the client's.</param>
    public async Task<Cost> MeasureAsync(Func<Task<long>> work)
    {
        // What came before is not to be collected now.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        foreach (var client in clients)
        {
            if (Path.Combine("/proc", $"{client.Id}", "clear_refs") is var file && File.Exists(file))
                await File.WriteAllTextAsync(file, ForgetPeak);
        }

        var (processor, servers, allocated) = (Clients(client => client.TotalProcessorTime.Ticks), server.ProcessorTime(), GC.GetTotalAllocatedBytes(precise: true));
        var start = Stopwatch.GetTimestamp();
        var rows = await work();
        var elapsed = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return new Cost(
            rows, elapsed, TimeSpan.FromTicks(Clients(client => client.TotalProcessorTime.Ticks) - processor), server.ProcessorTime() - servers,
            Clients(client => client.PeakWorkingSet64), allocated);
    }

    private long Clients(Func<Process, long> read) => clients.Sum(client =>
    {
        client.Refresh();
        return read(client);
    });
}
