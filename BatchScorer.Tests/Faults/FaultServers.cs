using System.Threading.Channels;

namespace BatchScorer.Tests.Faults;

/// <summary>The servers on which scenarios run side by side; mostly they wait.</summary>
[SetUpFixture]
internal sealed class FaultServers
{
    /// <summary>How many tests of the whole suite run side by side, of those that may.</summary>
    public const int Lanes = 4;

    private const string DiskVariable = "FAULT_DISK";

    private static readonly Channel<FaultServer> Free = Channel.CreateUnbounded<FaultServer>();
    private static readonly List<FaultServer> Started = [];
    private static int starting;

    /// <summary>Runs something on a server that nobody else uses meanwhile.</summary>
    public static async Task<T> UseAsync<T>(Func<FaultServer, Task<T>> use)
    {
        var server = await TakeAsync();
        try
        {
            var result = await use(server);
            await Free.Writer.WriteAsync(server);
            return result;
        }
        catch
        {
            // It may be in any state, and the next one starts from a good one.
            lock (Started)
                Started.Remove(server);
            await server.DisposeAsync();
            await Free.Writer.WriteAsync(await StartAsync());
            throw;
        }
    }

    /// <summary>Runs a scenario and adds it to the figures.</summary>
    public static async Task<ScenarioResult> RunAsync(ScenarioPlan plan)
    {
        try
        {
            var result = await UseAsync(server => Scenario.RunAsync(server, plan));
            FaultFigures.Add(plan, result);
            return result;
        }
        catch (Exception fault)
        {
            FaultFigures.AddBrokenOff(plan, fault);
            throw;
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (var server in Started)
            await server.DisposeAsync();
        await TestContext.Progress.WriteLineAsync(FaultFigures.Print());
    }

    private static async Task<FaultServer> TakeAsync()
    {
        if (Free.Reader.TryRead(out var free))
            return free;
        if (Interlocked.Increment(ref starting) > Lanes)
            return await Free.Reader.ReadAsync();
        try
        {
            return await StartAsync();
        }
        catch
        {
            // The next test tries again, and does not wait for a server that never comes.
            Interlocked.Decrement(ref starting);
            throw;
        }
    }

    private static async Task<FaultServer> StartAsync()
    {
        var server = await FaultServer.StartAsync(mayMount: Environment.GetEnvironmentVariable(DiskVariable) is not "limit");
        lock (Started)
            Started.Add(server);
        return server;
    }
}
