using System.Diagnostics;
using System.Globalization;
using BatchScorer.Benchmarks.Models;
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
            var idle = new List<double>();
            for (var i = 1; i <= repetitions; i++)
            {
                var job = new SyntheticJob(source.Database, $"benchmark_{i}", model);
                await job.ApplyAsync(cancellationToken);
                measured.Add(await RunMeasurement.OfAsync(new RunCatalog(source.Database), () => job.RunAsync(partitions, cancellationToken), cancellationToken));
                await report.WriteLineAsync($"run {i}    {measured[^1]}");
                idle.Add(await TimeIdleAsync(job, cancellationToken));
            }

            await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"median   {Median.Of(measured.Select(run => run.RowsPerSecond)):N0} rows/s; peak working set {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:N0} MB; then a run with nothing to do: {Median.Of(idle):N0} ms"));
        }
        finally
        {
            File.Delete(model);
        }
    }

    private async Task<double> TimeIdleAsync(SyntheticJob job, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await job.RunAsync(partitions, cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
