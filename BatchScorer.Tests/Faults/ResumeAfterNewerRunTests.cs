using BatchScorer.Checkpoints;
using BatchScorer.Errors;

namespace BatchScorer.Tests.Faults;

/// <summary>A run that was left open is finished after a newer one has ended.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class ResumeAfterNewerRunTests
{
    [Test]
    public async Task An_older_replay_that_is_resumed_costs_the_newer_run_nothing([Values] SourceKind source)
    {
        var result = await FaultServers.RunAsync(new ScenarioPlan
        {
            Name = $"resume after a newer run, {source}",
            Seed = 0,
            Source = source,
            Workers = [new WorkerPlan(TimeSpan.Zero, 2, null)],
            Recovery = Recovery.Run,
            Replays = true,
        });

        Assert.That(result.Breaches, Is.Empty);
        Assert.That(result.Ledger.ResumedAfterNewer, Is.EqualTo(1));
    }

    [Test]
    public Task An_older_backfill_that_is_resumed_costs_the_newer_run_nothing([Values(SourceKind.Table, SourceKind.Query)] SourceKind source) => FaultServers.UseAsync(async server =>
    {
        List<string> breaches = [];
        await using var job = await FaultedJob.CreateAsync(server, source, onSmallDisk: false);
        var user = new User(job, breaches);
        await user.DoAsync([ExitCode.Done], "run", "churn");
        await using (var process = job.Start("backfill", null, $"{Checkpoint.BeforeCopy}:2", "run", "churn", "--backfill", "--from", "2026-03-01", "--to", "2026-04-01", "--only", "all", "--partitions", "1"))
        {
            await process.HeldAsync();
            await process.SignalAsync("KILL");
            await process.EndAsync();
        }

        await job.QueryAsync<bool>("SELECT become(customer_id, customer_id) IS NULL FROM customers WHERE customer_id % 10 = 0");
        await user.DoAsync([ExitCode.Done], "run", "churn");
        await user.DoAsync([ExitCode.Done], "backfills", "resume", "1");
        await Task.Delay(TimeSpan.FromSeconds(1.1));
        await user.DoAsync([ExitCode.Done], "run", "churn");

        Assert.That(breaches, Is.Empty);
        Assert.That(await job.QueryAsync<string>("SELECT breach FROM invariants.broken_in_the_end"), Is.Empty);
        Assert.That((await LedgerFigures.ReadAsync(job)).ResumedAfterNewer, Is.EqualTo(1));
        return true;
    });
}
