using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Processes;

namespace BatchScorer.Tests.Faults;

/// <summary>A process that runs the job and is broken at a point.</summary>
internal sealed class FaultedWorker(FaultedJob job, string name, WorkerPlan plan) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // What a process has between SIGTERM and SIGKILL where nothing else is said.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Run = ["run", "churn", "--partitions", "1"];

    // Enough for the head of a COPY, not for its rows.
    private const int TruncatedBytes = 700;

    private readonly Proxy? proxy = plan.Fault is { NeedsProxy: true } ? job.CreateProxy() : null;
    private ScoringProcess? process;
    private ScoringProcess? second;
    private IReadOnlyList<int> sessions = [];
    private long logged;
    // Whether it was seen to happen while the process stood at the point.
    private bool passed;

    public Fault? Fault => plan.Fault;

    /// <summary>Whether it came to the point at which it was to be broken, and stood there.</summary>
    public bool Held { get; private set; }

    /// <summary>Whether it is still there, stopped.</summary>
    public bool Stands { get; private set; }

    /// <summary>What nobody should see: exit codes that are none of ours, faults that were not expected.</summary>
    public List<string> Oddities { get; } = [];

    /// <summary>Starts it and breaks it, and stays until it has ended or stands still.</summary>
    public async Task WorkAsync()
    {
        await Task.Delay(plan.Delay);
        process = job.Start(name, proxy, Fault?.Hold, [.. Run[..^1], $"{plan.Partitions}"]);
        if (Fault is not null && await ComesToHoldAsync(process))
        {
            Held = true;
            logged = job.Server.LogLength;
            sessions = await job.SessionsAsync(name);
            await BreakAsync(Fault.Kind, process);
        }

        if (!Stands)
            await EndAsync(process, killed: Held && Fault!.Kind is FaultKind.Kill);
        if (second is not null)
            await EndAsync(second, killed: false);
    }

    /// <summary>Wakes it, after others have gone on, and stays until it has ended.</summary>
    /// <param name="othersHaveEndedTheRun">Whether they have.</param>
    public async Task MendAsync(bool othersHaveEndedTheRun)
    {
        passed = othersHaveEndedTheRun;
        if (Fault!.Kind is FaultKind.Pause)
            await process!.SignalAsync("CONT");
        else
            proxy!.Resume();
        await process!.ReleaseAsync();
        Stands = false;
        await EndAsync(process, killed: false);
    }

    /// <summary>Whether the server's log, or the ledger, shows that the fault has happened.</summary>
    public async Task<bool> WasHitAsync()
    {
        if (!Held)
            return false;
        return Fault!.Kind switch
        {
            FaultKind.Restart => await HasLoggedAsync("received immediate shutdown request"),
            FaultKind.FullDisk => await HasLoggedAsync(job.Server.Disk!.Complaint),
            FaultKind.Truncate => proxy!.HasTruncated && await HasEndedASessionAsync(),
            FaultKind.Kill => await HasEndedASessionAsync(),
            _ => passed,
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in new[] { process, second })
        {
            if (started is not null)
                await started.DisposeAsync();
        }

        if (proxy is not null)
            await proxy.DisposeAsync();
    }

    // One that neither comes to its point nor ends is no fault of the test: EndAsync says so.
    private static async Task<bool> ComesToHoldAsync(ScoringProcess started)
    {
        try
        {
            return await started.ComesToHoldAsync();
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task BreakAsync(FaultKind kind, ScoringProcess held)
    {
        switch (kind)
        {
            case FaultKind.Kill:
                await held.SignalAsync("KILL");
                return;
            case FaultKind.Terminate:
                await held.SignalAsync("TERM");
                passed = await StopsByItselfAsync(held) && await HappensAsync(HasEndedASessionAsync);
                return;
            case FaultKind.Pause:
                await held.SignalAsync("STOP");
                Stands = true;
                return;
            case FaultKind.Stall:
                proxy!.Stall();
                Stands = true;
                return;
            case FaultKind.EndSessions:
                await job.QueryAsync<bool>("SELECT pg_terminate_backend(pid) FROM unnest(@sessions) AS pid", new { sessions = sessions.ToArray() });
                passed = await HappensAsync(HasEndedASessionAsync);
                break;
            case FaultKind.Drop:
                proxy!.Drop();
                passed = await HappensAsync(HasEndedASessionAsync);
                break;
            case FaultKind.Truncate:
                proxy!.TruncateAfter(TruncatedBytes);
                break;
            case FaultKind.Restart:
                await job.Server.RestartAsync();
                break;
            case FaultKind.FullDisk:
                await FillDiskAsync(held);
                return;
            case FaultKind.SecondProcess:
                second = job.Start($"{name} second", null, null, Run);
                passed = await HappensAsync(async () => await job.IsConnectedAsync($"{name} second"));
                break;
            case FaultKind.Cancel:
                if (await CancelsTheRunAsync())
                {
                    passed = await StopsByItselfAsync(held);
                    return;
                }

                break;
        }

        await held.ReleaseAsync();
    }

    // Others may have ended the run meanwhile, so that there is nothing to cancel.
    private async Task<bool> CancelsTheRunAsync()
    {
        if (await job.OpenRunAsync() is not { } run)
            return false;
        await using var canceller = job.Start($"{name} canceller", null, null, "runs", "cancel", run);
        await EndAsync(canceller, killed: false);
        return await job.StateAsync(run) is "cancelled";
    }

    // It is held all the while: only the wish to stop can make it go.
    private async Task<bool> StopsByItselfAsync(ScoringProcess held)
    {
        if (await HappensAsync(() => Task.FromResult(held.HasExited), Grace))
            return true;
        Oddities.Add($"{name} did not stop within {Grace.TotalSeconds} s");
        await held.ReleaseAsync();
        return false;
    }

    private async Task FillDiskAsync(ScoringProcess held)
    {
        await job.Server.Disk!.FillAsync(job.Database);
        await held.ReleaseAsync();
        await HappensAsync(async () => held.HasExited || await WasHitAsync());
        await job.Server.Disk.FreeAsync(job.Database);
    }

    private async Task<bool> HasLoggedAsync(string text) => (await job.Server.LogSinceAsync(logged)).Contains(text, StringComparison.Ordinal);

    // It counts while the process is held or dead: one that lives ends its sessions by itself when it is done.
    private async Task<bool> HasEndedASessionAsync()
    {
        var log = (await job.Server.LogSinceAsync(logged)).Split('\n');
        return sessions.Any(session => log.Any(line => line.Contains($"[{session}]", StringComparison.Ordinal)
            && (line.Contains("FATAL", StringComparison.Ordinal) || line.Contains("disconnection:", StringComparison.Ordinal))));
    }

    private static async Task<bool> HappensAsync(Func<Task<bool>> happened, TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? Patience);
        while (!await happened())
        {
            if (limit.IsCancellationRequested)
                return false;
            await Task.Delay(LookAgain);
        }

        return true;
    }

    private async Task EndAsync(ScoringProcess started, bool killed)
    {
        try
        {
            var exitCode = await started.EndAsync();
            if (!killed && (!Enum.IsDefined((ExitCode)exitCode) || started.Errors.Contains("Unexpected fault", StringComparison.Ordinal)))
                Oddities.Add($"{name} ended with {exitCode}: {started.Errors.Trim()}");
        }
        catch (TimeoutException)
        {
            Oddities.Add($"{name} did not end: {started.Errors.Trim()}");
        }
    }
}
