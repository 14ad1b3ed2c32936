using System.Globalization;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Jobs;
using BatchScorer.Runs;

namespace BatchScorer.Benchmarks.Runs;

/// <summary>Times whole runs with profiles and without, in turns, so that whatever disturbs the machine for a while disturbs both.</summary>
internal sealed class ProfilingBenchmark(int rows, int partitions, int rounds)
{
    public async Task MeasureAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var synthetic = SyntheticModel.Standard;
        await using var source = await SyntheticDatabase.CreateAsync(synthetic, rows, cancellationToken);
        await report.WriteLineAsync(source.Description);
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows, {synthetic}, partitions: {partitions}"));

        var model = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(model, synthetic.Write(), cancellationToken);
            var (with, without) = (new List<RunMeasurement>(), new List<RunMeasurement>());
            // The first round has everything compiled and cached, and is not counted.
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var profiles in round % 2 == 0 ? new[] { true, false } : [false, true])
                {
                    var job = new SyntheticJob(source.Database, $"benchmark_{round}_{(profiles ? "with" : "without")}", model) { Watch = new JobWatch { Profile = profiles } };
                    await job.ApplyAsync(cancellationToken);
                    var run = await RunMeasurement.OfAsync(new RunCatalog(source.Database), () => job.RunAsync(partitions, cancellationToken), cancellationToken);
                    await job.RemoveAsync(cancellationToken);
                    if (round == 0)
                        continue;
                    (profiles ? with : without).Add(run);
                    await report.WriteLineAsync($"{round}  {(profiles ? "with   " : "without")}  {run}");
                }
            }

            await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"""
                with profiles, medians of {rounds} rounds: {Share(run => run.Whole.TotalSeconds):P1} more time for a run, {Share(run => run.Processor.TotalSeconds):P1} more of this process's processor time;
                profiles are made while scoring, which takes {More():P1} of its workers' time more
                """));

            double More() => (Median.Of(with.Select(run => run.Score.TotalSeconds)) - Median.Of(without.Select(run => run.Score.TotalSeconds)))
                / Median.Of(without.Select(run => (run.Read + run.Score + run.Write).TotalSeconds));

            double Share(Func<RunMeasurement, double> cost) => Median.Of(with.Zip(without, (one, other) => cost(one) / cost(other))) - 1;
        }
        finally
        {
            File.Delete(model);
        }
    }
}
