using System.Diagnostics;
using System.Globalization;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Postgres;
using BatchScorer.Runs;

namespace BatchScorer.Benchmarks.Runs;

/// <summary>Times whole runs over a table made for it, on a server made for it that keeps its promises to the disk.</summary>
internal sealed class RunBenchmark(int rows, int partitions, int repetitions)
{
    public async Task MeasureAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var synthetic = SyntheticModel.Standard;
        await using var source = await SyntheticDatabase.CreateAsync(synthetic, rows, cancellationToken);
        await report.WriteLineAsync(source.Description);
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{rows:N0} rows, {synthetic}, partitions: {partitions}"));

        var model = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(model, synthetic.Write(), cancellationToken);
            var measured = new List<RunMeasurement>();
            for (var i = 1; i <= repetitions; i++)
            {
                measured.Add(await RunAsync(source.Database, $"benchmark_{i}", model, cancellationToken));
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

    private async Task<RunMeasurement> RunAsync(Database database, string name, string model, CancellationToken cancellationToken)
    {
        var job = new SyntheticJob(database, name, model);
        await job.ApplyAsync(cancellationToken);
        return await RunMeasurement.OfAsync(new RunCatalog(database), () => job.RunAsync(partitions, cancellationToken), cancellationToken);
    }
}
