using System.Globalization;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Benchmarks.Runs;
using BatchScorer.Postgres;
using BatchScorer.Scheduling;
using Dapper;

namespace BatchScorer.Benchmarks.Nodes;

/// <summary>Times one scheduled run after the other, each shared by some nodes that are there before it is due.</summary>
internal sealed class NodesBenchmark(int rows, int repetitions)
{
    private const string CheckedIn = "SELECT count(*) FROM quartz.qrtz_scheduler_state";

    // The first run has all rows; the slots after it find nothing.
    private const string Published = "SELECT EXISTS (SELECT FROM scoring.runs WHERE job = @job AND state = 'published' AND rows_read > 0)";

    private const string Measured =
        """
        SELECT rows_read / extract(epoch FROM finished_at - started_at)::float8,
               (SELECT array_agg(chunks ORDER BY chunks DESC) FROM (
                   SELECT count(*) AS chunks FROM scoring.chunk_attempts AS attempt
                   WHERE attempt.run_id = run.run_id AND outcome = 'done' GROUP BY host, process_id) AS processes)
        FROM scoring.runs AS run WHERE job = @job AND rows_read > 0
        """;

    private const int Chunks = 20;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);
    private static readonly int[] Counts = [1, 2, 4];

    public async Task MeasureAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var synthetic = SyntheticModel.Standard;
        await using var source = await SyntheticDatabase.CreateAsync(synthetic, rows, cancellationToken);
        await report.WriteLineAsync(source.Description);
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows, {synthetic}, {Chunks} chunks, one partition a node"));

        for (var repetition = 1; repetition <= repetitions; repetition++)
        {
            foreach (var count in Counts)
            {
                var folder = Directory.CreateTempSubdirectory("batchscorer-nodes-");
                try
                {
                    await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "model.zip"), synthetic.Write(), cancellationToken);
                    var (rate, chunks) = await RunAsync(source.Database, source.Server.ConnectionString(), $"nodes_{repetition}_{count}", count, folder.FullName, cancellationToken);
                    await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{count} nodes: {rate:N0} rows/s; chunks by process: {string.Join(", ", chunks)}"));
                }
                finally
                {
                    folder.Delete(recursive: true);
                }
            }
        }
    }

    private async Task<(double RowsPerSecond, long[] Chunks)> RunAsync(
        Database database, string connectionString, string name, int count, string folder, CancellationToken cancellationToken)
    {
        await new SyntheticJob(database, name, Path.Combine(folder, "model.zip")).ApplyAsync(cancellationToken);
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        // With them goes what the nodes of the run before were at when they were ended.
        await connection.ExecuteAsync("DROP SCHEMA IF EXISTS quartz CASCADE");
        await QuartzTables.ApplyAsync(database, cancellationToken);
        using var nodes = new NodeProcesses(connectionString, folder, count);
        await UntilAsync(async () => await connection.ExecuteScalarAsync<long>(CheckedIn) == count);

        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.json"),
            $$"""
            { "name": "{{name}}", "schedule": { "every": "00:00:10" }, "model": { "path": "model.zip" }, "work": { "chunkRows": {{Math.Max(1, rows / Chunks)}} },
              "source": { "table": "public.synthetic", "key": ["id"], "cursor": "updated_at" } }
            """, cancellationToken);
        await UntilAsync(() => connection.ExecuteScalarAsync<bool>(Published, new { job = name }));
        return await connection.QuerySingleAsync<(double, long[])>(Measured, new { job = name });

        async Task UntilAsync(Func<Task<bool>> holds)
        {
            while (!await holds())
            {
                nodes.CheckAlive();
                await Task.Delay(LookAgain, cancellationToken);
            }
        }
    }
}
