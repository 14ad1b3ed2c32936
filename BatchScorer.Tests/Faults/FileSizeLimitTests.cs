using BatchScorer.Checkpoints;

namespace BatchScorer.Tests.Faults;

/// <summary>What stands for a full disk where none can be mounted, which elsewhere the sweep does not use.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class FileSizeLimitTests
{
    [Test]
    public async Task A_limit_on_the_size_of_files_is_met_and_costs_nothing()
    {
        await using var server = await FaultServer.StartAsync(mayMount: false);
        if (server.Disk is null)
            Assert.Ignore("Processes can be given no limit here: that takes Linux and prlimit.");

        var result = await Scenario.RunAsync(server, ScenarioPlan.Of(new Fault(Checkpoint.BeforeCopy, 2, FaultKind.FullDisk)));

        Assert.That(result.Breaches, Is.Empty);
        Assert.That(result.Faults.Single().Hit, Is.True);
    }
}
