using BatchScorer.Benchmarks.Metering;
using BatchScorer.Benchmarks.Runs;
using BatchScorer.Scheduling;
using Dapper;

namespace BatchScorer.Benchmarks.Nodes;

/// <summary>A scheduled run of a new job, shared by nodes that are there before it is due.</summary>
/// <param name="source">Where the table is.</param>
/// <param name="rows">Rows of the table.</param>
/// <param name="model">The file of the model.</param>
/// <param name="nodes">How many nodes, each with one partition.</param>
internal sealed class SharedRun(SyntheticDatabase source, int rows, string model, int nodes)
{
    /// <summary>Chunks of a run.</summary>
    public const int Chunks = 20;

    private const string Name = "shared";

    private const string CheckedIn = "SELECT count(*) FROM quartz.qrtz_scheduler_state";

    // The first run has all rows; the slots after it find nothing.
    private const string Published = "SELECT EXISTS (SELECT FROM scoring.runs WHERE job = @Name AND state = 'published' AND rows_read > 0)";

    private const string Measured =
        """
        SELECT rows_read, extract(epoch FROM finished_at - started_at)::float8,
               (SELECT array_agg(chunks ORDER BY chunks DESC) FROM (
                   SELECT count(*) AS chunks FROM scoring.chunk_attempts AS attempt
                   WHERE attempt.run_id = run.run_id AND outcome = 'done' GROUP BY host, process_id) AS processes)
        FROM scoring.runs AS run WHERE job = @Name AND rows_read > 0
        """;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    /// <returns>From the run's start to its publishing, by the clock; processor time and peaks since the nodes were started. And how many chunks each node did.</returns>
    public async Task<(Cost Cost, IReadOnlyList<long> ChunksByNode)> MeasureAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("batchscorer-nodes-");
        var job = new SyntheticJob(source.Database, Name, model);
        try
        {
            await job.ApplyAsync(cancellationToken);
            return await MeasureAsync(folder.FullName, cancellationToken);
        }
        finally
        {
            await job.RemoveAsync(CancellationToken.None);
            folder.Delete(recursive: true);
        }
    }

    private async Task<(Cost Cost, IReadOnlyList<long> ChunksByNode)> MeasureAsync(string folder, CancellationToken cancellationToken)
    {
        await using var connection = await source.Database.Writers.OpenConnectionAsync(cancellationToken);
        // With them goes what the nodes of the run before were at when they were ended.
        await connection.ExecuteAsync("DROP SCHEMA IF EXISTS quartz CASCADE");
        await QuartzTables.ApplyAsync(source.Database, cancellationToken);
        var server = ServerProcesses.Of(source.Server.DataFolder);
        var before = server.ProcessorTime();
        using var processes = new NodeProcesses(source.Server.ConnectionString(), folder, nodes);
        await UntilAsync(async () => await connection.ExecuteScalarAsync<long>(CheckedIn) == nodes);

        File.Copy(model, Path.Combine(folder, "model.zip"));
        await File.WriteAllTextAsync(Path.Combine(folder, $"{Name}.json"),
            $$"""
            { "name": "{{Name}}", "schedule": { "every": "00:00:10" }, "model": { "path": "model.zip" }, "work": { "chunkRows": {{Math.Max(1, rows / Chunks)}} },
              "source": { "table": "public.synthetic", "key": ["id"], "cursor": "updated_at" } }
            """, cancellationToken);
        await UntilAsync(() => connection.ExecuteScalarAsync<bool>(Published, new { Name }));
        var (read, seconds, chunks) = await connection.QuerySingleAsync<(long, double, long[])>(Measured, new { Name });
        var cost = new Cost(read, TimeSpan.FromSeconds(seconds), processes.ProcessorTime, server.ProcessorTime() - before, processes.PeakBytes, AllocatedBytes: null);
        return (cost, chunks);

        async Task UntilAsync(Func<Task<bool>> holds)
        {
            while (!await holds())
            {
                processes.CheckAlive();
                await Task.Delay(LookAgain, cancellationToken);
            }
        }
    }
}
