namespace BatchScorer.Tests.Faults;

/// <summary>A row whose scoring kills the process, whoever takes it.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class DeadlyRowTests
{
    private const int DeadlyChunk = 0;
    private const int MostDeaths = 10;

    [Test]
    public Task A_row_that_kills_its_worker_costs_its_chunk_some_attempts_and_the_others_nothing() => FaultServers.UseAsync(async server =>
    {
        await using var job = await FaultedJob.CreateAsync(server, SourceKind.Table, onSmallDisk: false);
        var deaths = 0;
        while (await DiesAsync(job))
            Assert.That(++deaths, Is.LessThan(MostDeaths), "the chunk is given up");

        Assert.That(await StatesAsync(job), Is.EqualTo(Enumerable.Range(0, 8).Select(chunk => chunk == DeadlyChunk ? "failed" : "done")));
        Assert.That((await job.QueryAsync<string>("SELECT state FROM scoring.runs")).Single(), Is.EqualTo("failed"));

        await using var mended = job.Start("mended", null, null, "runs", "retry", (await job.OpenRunAsync())!);

        Assert.That(await mended.EndAsync(), Is.Zero, mended.Errors);
        Assert.That(await job.QueryAsync<string>("SELECT breach FROM invariants.broken_in_the_end"), Is.Empty);
        return deaths;
    });

    private static async Task<bool> DiesAsync(FaultedJob job)
    {
        await using var process = job.Start("worker", null, "during-score:1", "run", "churn", "--partitions", "1");
        await process.HeldAsync();
        var chunk = (await job.QueryAsync<int>("SELECT chunk_no FROM scoring.chunk_attempts ORDER BY attempt_id DESC LIMIT 1")).Single();
        if (chunk == DeadlyChunk)
            await process.SignalAsync("KILL");
        else
            await process.ReleaseAsync();
        await process.EndAsync();
        return chunk == DeadlyChunk;
    }

    private static Task<IReadOnlyList<string>> StatesAsync(FaultedJob job) => job.QueryAsync<string>("SELECT state FROM scoring.chunks ORDER BY chunk_no");
}
