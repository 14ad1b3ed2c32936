using System.Text.RegularExpressions;
using BatchScorer.Checkpoints;
using BatchScorer.Tests.Processes;

namespace BatchScorer.Tests.Faults;

/// <summary>The campaign's cases with nodes that serve: whatever happens to one of them, the run ends once and complete, and the others go on, and so does it if it lives.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class NodeFaultTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);
    // Those who are held are not to be cut off.
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [TestCase(Checkpoint.DuringPlanning)]
    [TestCase(Checkpoint.DuringCopy)]
    public Task The_node_that_plans_is_killed(string point) => UseAsync(Long, async cluster =>
    {
        var planner = await cluster.StartPlannerAsync(point);
        var others = await cluster.StartOthersAsync(heldAt: point is Checkpoint.DuringPlanning ? null : point);

        await planner.SignalAsync("KILL");
        await ReleaseAsync(others);

        var ledger = await cluster.UntilPublishedAsync();
        await cluster.AssertServesOnAsync(ledger, others);
    });

    [Test]
    public Task A_node_that_works_as_a_partition_is_killed() => UseAsync(Long, async cluster =>
    {
        var planner = await cluster.StartPlannerAsync(Checkpoint.AfterCommit);
        var others = await cluster.StartOthersAsync(heldAt: Checkpoint.DuringCopy);

        await others[0].SignalAsync("KILL");
        await ReleaseAsync(planner, others[1]);

        var ledger = await cluster.UntilPublishedAsync();
        await cluster.AssertServesOnAsync(ledger, planner, others[1]);
    });

    [TestCase(Checkpoint.DuringPlanning)]
    [TestCase(Checkpoint.DuringCopy)]
    [TestCase(Checkpoint.DuringPublish)]
    public Task The_node_that_plans_is_stopped_and_goes_on_when_the_run_is_over(string point) => UseAsync(Short, async cluster =>
    {
        var planner = await cluster.StartPlannerAsync(point);
        await planner.SignalAsync("STOP");

        var other = cluster.Start();
        var ledger = await cluster.UntilPublishedAsync();
        await cluster.WakeAloneAsync(planner, other);
        await cluster.AssertServesOnAsync(ledger, planner);
    });

    [Test]
    public Task A_node_that_works_as_a_partition_is_stopped_and_goes_on_when_the_run_is_over() => UseAsync(Short, async cluster =>
    {
        var planner = await cluster.StartPlannerAsync(Checkpoint.AfterCommit);
        var partition = cluster.Start(Checkpoint.DuringCopy);
        await partition.HeldAsync();
        await partition.SignalAsync("STOP");
        await planner.ReleaseAsync();

        var ledger = await cluster.UntilPublishedAsync();
        await cluster.WakeAloneAsync(partition, planner);
        await cluster.AssertServesOnAsync(ledger, partition);
    });

    [Test]
    public async Task A_node_that_is_stopped_with_a_schedule_in_hand_holds_up_the_others_for_a_minute_at_most()
    {
        FaultTests.RunOnlyWhenAsked();
        await UseAsync(Short, async cluster =>
        {
            await cluster.Job.Database.ExecuteAsync(
                """
                CREATE SEQUENCE dawdled;
                CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(2) WHERE nextval('dawdled') = 1; RETURN NULL; END $$;
                CREATE TRIGGER dawdle AFTER UPDATE ON quartz.qrtz_triggers FOR EACH ROW WHEN (current_setting('application_name') = 'node 1') EXECUTE FUNCTION dawdle()
                """);
            var stopped = cluster.Start();
            await cluster.UntilASessionAsync(stopped, "wait_event = 'PgSleep'");
            await stopped.SignalAsync("STOP");
            await cluster.UntilASessionAsync(stopped, "state = 'idle in transaction'");

            var other = cluster.Start();
            var ledger = await cluster.UntilPublishedAsync();
            await cluster.WakeAloneAsync(stopped, other);
            await cluster.AssertServesOnAsync(ledger, stopped);
        });
    }

    [Test]
    public Task The_server_restarts_while_nodes_work() => UseAsync(Long, async cluster =>
    {
        var planner = await cluster.StartPlannerAsync(Checkpoint.DuringCopy);
        var others = await cluster.StartOthersAsync(heldAt: Checkpoint.DuringCopy);

        await cluster.Job.Server.RestartAsync();
        await ReleaseAsync([planner, .. others]);

        var ledger = await cluster.UntilPublishedAsync();
        await cluster.AssertServesOnAsync(ledger, [planner, .. others]);
    });

    [Test]
    public async Task Eight_nodes_that_know_nothing_of_each_other_and_fire_the_same_slot_make_one_run()
    {
        FaultTests.RunOnlyWhenAsked();
        await UseAsync(Long, cluster: false, async cluster =>
        {
            ScoringProcess[] nodes = [.. Enumerable.Range(0, 8).Select(_ => cluster.Start())];

            await FaultedCluster.UntilAsync(() => Task.FromResult(FiredByAll().Any()), "all of them have fired the same slot");

            await cluster.UntilPublishedAsync();
            await cluster.UntilAllIsWellAsync();
            var slot = FiredByAll().First();
            Assert.That(await cluster.Job.QueryAsync<long>("SELECT run_id FROM scoring.runs WHERE slot = @slot::timestamptz", new { slot }), Has.Count.EqualTo(1));
            await FaultedCluster.StopAsync(nodes);

            IEnumerable<string> FiredByAll() => nodes.Select(SlotsOf).Aggregate(Enumerable.Intersect);
        });
    }

    // A firing says what became of its slot, whoever made the run.
    private static IEnumerable<string> SlotsOf(ScoringProcess node) => Regex.Matches(node.Errors, "Job churn, slot ([^Z]*Z): (?:run|had)").Select(match => match.Groups[1].Value);

    private static Task UseAsync(TimeSpan chunkTime, Func<FaultedCluster, Task> act) => UseAsync(chunkTime, cluster: true, act);

    private static Task UseAsync(TimeSpan chunkTime, bool cluster, Func<FaultedCluster, Task> act) => FaultServers.UseAsync(async server =>
    {
        await using var nodes = await FaultedCluster.CreateAsync(server, chunkTime, cluster);
        await act(nodes);
        return true;
    });

    private static Task ReleaseAsync(params ScoringProcess[] nodes) => Task.WhenAll(nodes.Select(node => node.ReleaseAsync()));
}
