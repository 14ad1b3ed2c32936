using System.Diagnostics;
using BatchScorer.Jobs;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Postgres;
using Dapper;
using static BatchScorer.Tests.Scheduling.ScheduledJob;

namespace BatchScorer.Tests.Processes;

/// <summary>Nodes as processes of their own, and what becomes of their runs when they end in one way or another.</summary>
[OnOneServer]
internal sealed class NodeTests(ServerKind kind) : DatabaseTests(kind)
{
    private const int Rows = 300;
    private const int ChunkRows = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [TestCase(2)]
    [TestCase(4)]
    public async Task Nodes_share_the_chunks_of_a_run(int count)
    {
        await using var churn = await CreateAsync(secondsAChunk: 0.5);
        ScoringProcess[] nodes = [.. Enumerable.Range(0, count).Select(_ => churn.Serve(cluster: true))];
        try
        {
            await UntilAsync(() => IsPublishedAsync(), "the run is published");
            Assert.That(await Task.WhenAll(nodes.Select(StopAsync)), Is.All.Zero, nodes[0].Errors);
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
        }

        var chunks = await Database.QueryAsync<(int Node, long Done)>("SELECT process_id, count(*) FROM scoring.chunk_attempts WHERE outcome = 'done' GROUP BY process_id");
        await TestContext.Out.WriteLineAsync($"Chunks by node: {string.Join(", ", chunks.Select(node => node.Done).OrderDescending())}");
        Assert.That(chunks.Select(node => node.Node), Is.EquivalentTo(nodes.Select(node => node.Id)));
        Assert.That(chunks.Sum(node => node.Done), Is.EqualTo(Rows / ChunkRows));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs WHERE rows_scored > 0"), Is.EqualTo(1));
        await churn.AssertScoredAsync(Rows);
    }

    [Test]
    public async Task When_the_node_that_planned_a_run_is_killed_the_other_finishes_it()
    {
        await using var churn = await CreateAsync(secondsAChunk: 0.5);
        await using var one = churn.Serve(cluster: true);
        await using var other = churn.Serve(cluster: true);
        await UntilAsync(async () => await WorkersAsync() == 2, "both nodes work on the run");
        var planner = await Database.ScalarAsync<int>("SELECT process_id FROM scoring.runs") == one.Id ? one : other;

        await planner.SignalAsync("KILL");

        await UntilAsync(() => IsPublishedAsync(), "the run is published");
        Assert.That(await StopAsync(planner == one ? other : one), Is.Zero);
        await churn.AssertScoredAsync(Rows);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_node_that_is_told_to_stop_does_so_within_five_seconds_and_its_run_goes_on_with_the_next(bool cluster)
    {
        await using var churn = await CreateAsync(secondsAChunk: 60);
        await using var node = churn.Serve(cluster);
        await UntilAsync(async () => await WorkersAsync() == 1, "the run is under way");

        var since = Stopwatch.GetTimestamp();
        var exitCode = await StopAsync(node);

        Assert.That(Stopwatch.GetElapsedTime(since), Is.LessThan(Limit));
        Assert.That(exitCode, Is.Zero, node.Errors);
        Assert.That(await Database.QueryAsync<string>("SELECT DISTINCT outcome FROM scoring.chunk_attempts"), Is.EqualTo(new[] { "stopped" }));

        await Database.ExecuteAsync("DROP TRIGGER slow ON scoring.job_predictions");
        await using var next = churn.Serve(cluster);
        await UntilAsync(() => IsPublishedAsync(), "the run is published");
        Assert.That(await StopAsync(next), Is.Zero);
        await churn.AssertScoredAsync(Rows);
    }

    [Test]
    public async Task A_node_that_is_told_to_stop_while_it_starts_has_done_what_it_was_told()
    {
        await using var churn = await CreateAsync(secondsAChunk: 0);
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("LOCK TABLE quartz.qrtz_job_details");
        await using var node = churn.Serve(cluster: true);
        await UntilAsync(
            async () => await Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"), "it starts");

        Assert.That(await StopAsync(node), Is.Zero, node.Errors);
        Assert.That(node.Errors, Does.Not.Contain("Unexpected fault"));
    }

    [Test]
    public async Task Without_its_tables_a_cluster_says_how_they_are_made()
    {
        await using var churn = await CreateAsync(secondsAChunk: 0);
        await Database.ExecuteAsync("DROP SCHEMA quartz CASCADE");
        await using var node = churn.Serve(cluster: true);

        Assert.That(await node.EndAsync(), Is.EqualTo(78));
        Assert.That(node.Errors, Does.Contain("run `batchscorer db migrate`"));
    }

    private static async Task<int> StopAsync(ScoringProcess node)
    {
        await node.SignalAsync("TERM");
        return await node.EndAsync();
    }

    private async Task<bool> IsPublishedAsync() => await Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM scoring.runs WHERE state = 'published' AND rows_scored > 0)");

    private async Task<long> WorkersAsync() => await Database.ScalarAsync<long>("SELECT count(DISTINCT process_id) FROM scoring.chunk_attempts");

    private async Task<ChurnProcesses> CreateAsync(double secondsAChunk)
    {
        var churn = await ChurnProcesses.CreateAsync(Database, Rows, ChunkRows, schedule: new JobSchedule { Every = TimeSpan.FromSeconds(5) });
        await using (var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, CancellationToken.None))
            await QuartzTables.ApplyAsync(database, CancellationToken.None);
        await Database.ExecuteAsync(
            $$"""
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN PERFORM pg_sleep({{secondsAChunk.ToString(System.Globalization.CultureInfo.InvariantCulture)}}); RETURN NULL; END $body$;
            CREATE TRIGGER slow AFTER INSERT ON scoring.job_predictions FOR EACH STATEMENT EXECUTE FUNCTION slow()
            """);
        return churn;
    }
}
