using System.Diagnostics;
using System.Globalization;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Postgres.Migrations;
using BatchScorer.Postgres.Private;
using BatchScorer.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchScorer.Benchmarks.Runs;

/// <summary>Times whole runs over a table made for it, on a server made for it that keeps its promises to the disk.</summary>
internal sealed class RunBenchmark(int rows, int partitions, int repetitions)
{
    public async Task MeasureAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var synthetic = SyntheticModel.Standard;
        await using var server = await PrivateServer.StartAsync(new PrivateServerOptions { Durable = true }, cancellationToken);
        await using var database = await Database.OpenAsync(server.ConnectionString(), cancellationToken);
        await new Migrator().ApplyAsync(database.Writers, cancellationToken);
        await SyntheticTable.CreateAsync(database.Writers, synthetic, rows, cancellationToken);
        await report.WriteLineAsync($"{Machine.Describe()}; PostgreSQL {server.Programs.Version} on the same machine");
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{rows:N0} rows, {synthetic}, partitions: {partitions}"));

        var model = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(model, synthetic.Write(), cancellationToken);
            var measured = new List<RunMeasurement>();
            for (var i = 1; i <= repetitions; i++)
            {
                measured.Add(await RunAsync(database, Job($"benchmark_{i}", model), cancellationToken));
                await report.WriteLineAsync($"run {i}    {measured[^1]}");
            }

            await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"median   {Median.Of(measured.Select(run => run.RowsPerSecond)):N0} rows/s; peak working set {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:N0} MB"));
        }
        finally
        {
            File.Delete(model);
        }
    }

    private static Job Job(string name, string model) => new(
        new JobDefinition { Name = name, Source = SyntheticTable.Source, Model = new JobModel { Path = model } }, $"{name}.json", model, QueryFile: null);

    private async Task<RunMeasurement> RunAsync(Database database, Job job, CancellationToken cancellationToken)
    {
        var planned = await JobPreparation.PrepareAsync(database, job, cancellationToken);
        using (planned.Model)
            await JobTables.ApplyAsync(database, planned, cancellationToken);

        var runner = new JobRunner(database, new RunPlanner(database, TimeProvider.System, NullLogger<RunPlanner>.Instance), new RunWorker(database, new RunCloser(database, NullLogger<RunCloser>.Instance), new RunCancellation(database), NullLogger<RunWorker>.Instance));
        return await RunMeasurement.OfAsync(
            new RunCatalog(database),
            async () =>
            {
                var (runId, end) = await runner.RunAsync(job, new RunRequest(Trigger.Manual), partitions, new Progress<RunProgress>(), cancellationToken);
                return end.Error is null ? runId : throw new BatchScorerException(end.ExitCode, end.Error);
            },
            cancellationToken);
    }
}
