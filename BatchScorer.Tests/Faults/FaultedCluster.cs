using System.Diagnostics;
using BatchScorer.Cli.Hosting;
using BatchScorer.Tests.Processes;

namespace BatchScorer.Tests.Faults;

/// <summary>Nodes that serve the campaign's job on its schedule, each a process of its own.</summary>
internal sealed class FaultedCluster : IAsyncDisposable
{
    /// <summary>The row that changes when the first run is over.</summary>
    private const long Changed = 100_500;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly FaultedJob job;
    private readonly bool cluster;
    private readonly List<ScoringProcess> nodes = [];

    private FaultedCluster(FaultedJob job, bool cluster)
    {
        this.job = job;
        this.cluster = cluster;
    }

    public FaultedJob Job => job;

    /// <summary>Makes the job, which nobody serves yet.</summary>
    /// <param name="server">Where.</param>
    /// <param name="chunkTime">How long a chunk may take.</param>
    /// <param name="cluster">Whether its nodes keep the schedule in the database; otherwise each has its own and knows of no other.</param>
    public static async Task<FaultedCluster> CreateAsync(FaultServer server, TimeSpan chunkTime, bool cluster = true)
    {
        var created = new FaultedCluster(await FaultedJob.CreateAsync(server, SourceKind.Table, onSmallDisk: false), cluster);
        await created.job.ScheduleAsync(Every, chunkTime);
        return created;
    }

    /// <summary>Starts the node that is to plan the first run, for it is alone, and to work on it with one partition; waits until it is held.</summary>
    public async Task<ScoringProcess> StartPlannerAsync(string checkpoint)
    {
        var planner = Start(checkpoint, new() { [$"{SettingNames.QuartzSection}:ThreadPool:MaxConcurrency"] = "1" });
        await planner.HeldAsync();
        return planner;
    }

    /// <summary>Starts one more node.</summary>
    /// <param name="checkpoint">Where it is to be held, or null.</param>
    public ScoringProcess Start(string? checkpoint = null) => Start(checkpoint, []);

    /// <summary>Starts two more nodes, and waits until both are there, and held where they are to be.</summary>
    /// <param name="heldAt">Where they are to be held, or null.</param>
    public async Task<ScoringProcess[]> StartOthersAsync(string? heldAt)
    {
        ScoringProcess[] others = [Start(heldAt), Start(heldAt)];
        if (heldAt is not null)
            await Task.WhenAll(others.Select(other => other.HeldAsync()));
        await UntilCheckedInAsync(nodes.Count);
        return others;
    }

    /// <summary>Lets a node that is stopped at its checkpoint go on, with nobody else there.</summary>
    public async Task WakeAloneAsync(ScoringProcess stopped, ScoringProcess other)
    {
        await StopAsync(other);
        await stopped.ReleaseAsync();
        await stopped.SignalAsync("CONT");
    }

    /// <summary>Waits until one of a node's sessions is in a state.</summary>
    /// <param name="node">The node.</param>
    /// <param name="state">A condition on <c>pg_stat_activity</c>.</param>
    public Task UntilASessionAsync(ScoringProcess node, string state) => UntilAsync(
        async () => (await job.QueryAsync<bool>($"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = @name AND {state})", new { name = NameOf(node) })).Single(),
        $"a session of {NameOf(node)} has {state}");

    /// <summary>Waits until so many nodes have told the cluster that they are there, from now on.</summary>
    public async Task UntilCheckedInAsync(int count)
    {
        const string checkedIn = "SELECT count(*) FROM quartz.qrtz_scheduler_state WHERE to_timestamp(last_checkin_time / 1e7 - 62135596800) > @now";
        var now = (await job.QueryAsync<DateTime>("SELECT clock_timestamp()")).Single();
        await UntilAsync(async () => (await job.QueryAsync<long>(checkedIn, new { now })).Single() == count, $"{count} nodes are there");
    }

    /// <summary>Waits until the first run is published, and checks that it has all rows and that nothing is amiss.</summary>
    /// <returns>What the ledger says of it.</returns>
    public async Task<string> UntilPublishedAsync()
    {
        await UntilAsync(async () => (await RunsWithRowsAsync()).Any(run => run.State is "published"), "the run is published");
        Assert.That(await RunsWithRowsAsync(), Is.EqualTo(new[] { ("published", (long)FaultServer.Rows) }), "one run has all rows");
        Assert.That(await BrokenAsync("always_broken"), Is.Empty);
        return await LedgerOfFirstRunAsync();
    }

    /// <summary>Checks that these nodes, the only ones there are, go on serving, and that all is well in the end; stops them.</summary>
    /// <param name="ledger">What the ledger said of the first run when it was published.</param>
    /// <param name="serving">The nodes.</param>
    public async Task AssertServesOnAsync(string ledger, params ScoringProcess[] serving)
    {
        await UntilCheckedInAsync(serving.Length);
        await job.Database.ExecuteAsync("SELECT become(@Changed, 100600)", new { Changed });
        await UntilAllIsWellAsync();

        // The row that changed is in each run that was not yet over.
        Assert.That((await RunsWithRowsAsync()).Skip(1), Is.Not.Empty.And.All.EqualTo(("published", 1L)), "later runs have no other rows");
        Assert.That(await LedgerOfFirstRunAsync(), Is.EqualTo(ledger), "nothing has changed since");
        await StopAsync(serving);
        Assert.That(serving.Select(node => node.Errors), Has.None.Contain("unexpected fault").And.None.Contain("ended with a fault"));
    }

    /// <summary>Waits until every row is scored as it is, every run is over, and nothing is amiss.</summary>
    public Task UntilAllIsWellAsync() =>
        UntilAsync(async () => (await BrokenAsync("broken_in_the_end")).Count == 0, "all is well", () => BrokenAsync("broken_in_the_end"));

    /// <summary>Has nodes stop politely.</summary>
    public static async Task StopAsync(params ScoringProcess[] stopped)
    {
        await Task.WhenAll(stopped.Select(node => node.SignalAsync("TERM")));
        foreach (var node in stopped)
            Assert.That(await node.EndAsync(), Is.Zero, node.Errors);
    }

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what, Func<Task<IReadOnlyList<string>>>? instead = null)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
                Assert.Fail($"This did not happen: {what}. {(instead is null ? "" : string.Join('\n', await instead()))}");
            await Task.Delay(LookAgain);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
        await job.DisposeAsync();
    }

    private string NameOf(ScoringProcess node) => $"node {nodes.IndexOf(node) + 1}";

    private ScoringProcess Start(string? checkpoint, Dictionary<string, string?> settings)
    {
        var node = job.Serve($"node {nodes.Count + 1}", checkpoint, NodeSettings.Of(cluster).Concat(settings));
        nodes.Add(node);
        return node;
    }

    private Task<IReadOnlyList<(string State, long Rows)>> RunsWithRowsAsync() =>
        job.QueryAsync<(string, long)>("SELECT state, rows_planned FROM scoring.runs WHERE rows_planned > 0 ORDER BY run_id");

    private Task<IReadOnlyList<string>> BrokenAsync(string view) => job.QueryAsync<string>($"SELECT invariant || ': ' || breach FROM invariants.{view} LIMIT 10");

    private async Task<string> LedgerOfFirstRunAsync() => (await job.QueryAsync<string>(
        """
        SELECT jsonb_build_array(to_jsonb(run), (SELECT jsonb_agg(chunk ORDER BY chunk_no) FROM scoring.chunks AS chunk WHERE chunk.run_id = run.run_id))::text
        FROM scoring.runs AS run WHERE rows_planned > 0 ORDER BY run_id LIMIT 1
        """)).Single();
}
