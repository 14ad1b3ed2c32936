namespace BatchScorer.Tests.Faults;

/// <summary>A run that was left open is finished after a newer one has ended.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class ResumeAfterNewerRunTests
{
    [Test]
    public async Task An_older_run_that_is_resumed_costs_the_newer_nothing([Values] SourceKind source)
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
}
