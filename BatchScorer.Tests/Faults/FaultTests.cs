using System.Globalization;
using BatchScorer.Tests.Faults;

[assembly: LevelOfParallelism(FaultServers.Lanes)]

namespace BatchScorer.Tests.Faults;

/// <summary>The real program in processes of its own, broken on purpose: nothing is lost, and nothing is there twice.</summary>
/// <remarks>
/// <c>FAULT_SEEDS=1..50 dotnet test --filter FullyQualifiedName~Faults</c> runs the sweep and fifty seeds;
/// <c>FAULT_SEEDS=1..1000 dotnet test --filter FullyQualifiedName~A_seed</c> runs any number of seeds;
/// <c>FAULT_SEEDS=17..17</c> runs one again. <c>FAULT_DISK=limit</c> mounts nothing.
/// </remarks>
[Parallelizable(ParallelScope.All)]
internal sealed class FaultTests
{
    private const string Variable = "FAULT_SEEDS";
    private const string Example = "1..50";

    // Where a busy machine is slow a fault may come too late; nothing that is broken may be tried again.
    private const int MostTries = 3;

    private static IEnumerable<TestCaseData> Faults => Fault.All.Select(fault => new TestCaseData(fault).SetArgDisplayNames(fault.ToString()));

    private static IEnumerable<int> Seeds
    {
        get
        {
            var range = (Environment.GetEnvironmentVariable(Variable) ?? Example).Split("..");
            var (first, last) = (int.Parse(range[0], CultureInfo.InvariantCulture), int.Parse(range[^1], CultureInfo.InvariantCulture));
            return Enumerable.Range(first, last - first + 1);
        }
    }

    [TestCaseSource(nameof(Faults))]
    public async Task A_fault_at_a_point_costs_nothing(Fault fault)
    {
        if (fault.Kind is not FaultKind.Kill)
            RunOnlyWhenAsked();
        if (fault.Kind is FaultKind.FullDisk && !await FaultServers.UseAsync(server => Task.FromResult(server.Disk is not null)))
            Assert.Ignore("A disk that can be filled takes the right to mount one (root), or prlimit.");
        for (var attempt = 1; attempt <= MostTries; attempt++)
        {
            var result = await FaultServers.RunAsync(ScenarioPlan.Of(fault));
            Assert.That(result.Breaches, Is.Empty);
            if (result.Faults.Single().Hit)
                return;
        }

        Assert.Fail($"The fault did not hit its point, {MostTries} times.");
    }

    [TestCaseSource(nameof(Seeds))]
    public async Task A_seed_of_faults_and_writers_costs_nothing(int seed)
    {
        RunOnlyWhenAsked();
        var plan = ScenarioPlan.Of(seed);
        var result = await FaultServers.RunAsync(plan);

        Assert.That(result.Breaches, Is.Empty, plan.ToString());
    }

    // The campaign takes minutes of both cores, so a developer gets its heart, the kills, and CI all of it.
    internal static void RunOnlyWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
            Assert.Ignore($"The fault campaign runs where {Variable} says which seeds to run, such as {Example}.");
    }
}
