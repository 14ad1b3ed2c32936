using BatchScorer.Errors;

namespace BatchScorer.Tests.Faults;

/// <summary>What became of a scenario.</summary>
/// <param name="Faults">Those that were planned, and whether each hit its point.</param>
/// <param name="Ledger">What the ledger says in the end; its outcomes are those that were checked.</param>
/// <param name="Breaches">What should not have been.</param>
/// <param name="Disk">What was used for a full disk; null when nothing was.</param>
internal sealed record ScenarioResult(IReadOnlyList<(Fault Fault, bool Hit)> Faults, LedgerFigures Ledger, IReadOnlyList<string> Breaches, string? Disk);

/// <summary>Processes run a job and are broken; users recover; the invariants are checked.</summary>
internal sealed class Scenario : IAsyncDisposable
{
    private const int MostQuietRuns = 5;

    // The bound stays this far behind the clock.
    private static readonly TimeSpan BoundLag = TimeSpan.FromSeconds(1.1);

    private readonly ScenarioPlan plan;
    private readonly FaultedJob job;
    private readonly FaultedWorker[] workers;
    private readonly List<string> breaches = [];
    private readonly User user;
    private readonly Withdrawals withdrawals;

    private Scenario(ScenarioPlan plan, FaultedJob job)
    {
        this.plan = plan;
        this.job = job;
        user = new User(job, breaches);
        withdrawals = new Withdrawals(job, user);
        workers = [.. plan.Workers.Select((worker, i) => new FaultedWorker(job, $"worker {i + 1}", worker))];
    }

    public static async Task<ScenarioResult> RunAsync(FaultServer server, ScenarioPlan plan)
    {
        if (server.Disk is null)
            plan = plan.WithoutFullDisk();
        await using var job = await FaultedJob.CreateAsync(server, plan.Source, plan.FillsDisk);
        await using var scenario = new Scenario(plan, job);
        return await scenario.RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
            await worker.DisposeAsync();
    }

    private async Task<ScenarioResult> RunAsync()
    {
        await using (var writers = new Writers(job, plan.Writers, plan.Seed))
        {
            using var over = new CancellationTokenSource();
            var withdrawing = plan.Withdraws ? withdrawals.GoOnAsync(over.Token) : Task.CompletedTask;
            await Task.WhenAll(workers.Select(worker => worker.WorkAsync()));
            await CheckAsync("always_broken", "after the faults");
            if (plan.ChangesModel)
                job.UseModel("model-v2.zip");
            var ended = await RecoverAsync();
            await Task.WhenAll(workers.Where(worker => worker.Stands).Select(worker => worker.MendAsync(ended)));
            if (plan.Replays)
                await new Replays(job, user).ResumeAfterNewerRunAsync();
            await over.CancelAsync();
            await withdrawing;
        }

        // What a dead planner has staged goes with the next run.
        if (plan.Writers.Count > 0 || plan.Replays || plan.Source is not SourceKind.Table)
            await RunUntilQuietAsync();
        if (plan.Withdraws)
            await withdrawals.EndAsync(() => CheckAsync("always_broken", "with a run withdrawn"));
        await CheckAsync("broken_in_the_end", "in the end");
        foreach (var worker in workers)
            breaches.AddRange(worker.Oddities);

        var hits = await Task.WhenAll(workers.Where(worker => worker.Fault is not null).Select(async worker => (worker.Fault!, await worker.WasHitAsync())));
        return new ScenarioResult(hits, await LedgerFigures.ReadAsync(job), breaches, plan.FillsDisk ? job.Server.Disk!.Description : null);
    }

    /// <summary>Does what users do after a fault: asks for the run again.</summary>
    private async Task<bool> RecoverAsync()
    {
        if (plan.Recovery is Recovery.RetryAndResume && await job.OpenRunAsync() is { } failed)
            await user.DoAsync([ExitCode.Done, ExitCode.Failed, ExitCode.Usage], "runs", "retry", failed);
        string[] command = plan.Recovery is not Recovery.Run && await job.OpenRunAsync() is { } open ? ["runs", "resume", open] : ["run", "churn"];
        return await user.DoAsync([ExitCode.Done], command) && await job.OpenRunAsync() is null;
    }

    /// <summary>Runs the job until no row is left to a later run.</summary>
    private async Task RunUntilQuietAsync()
    {
        for (var run = 1; run <= MostQuietRuns; run++)
        {
            await Task.Delay(BoundLag);
            if (!await user.DoAsync([ExitCode.Done], "run", "churn")
                || (await job.QueryAsync<bool>("SELECT NOT EXISTS (SELECT FROM invariants.rows WHERE cursor >= next_from) FROM invariants.job")).Single())
                return;
        }
    }

    private async Task CheckAsync(string view, string when)
    {
        foreach (var (invariant, breach) in await job.QueryAsync<(string, string)>($"SELECT invariant, breach FROM invariants.{view} LIMIT 10"))
            breaches.Add($"{when}, {invariant}: {breach}");
    }
}
