using System.Globalization;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Benchmarks.Runs;

namespace BatchScorer.Benchmarks.Nodes;

/// <summary>Times one scheduled run after the other, each shared by some nodes that are there before it is due.</summary>
internal sealed class NodesBenchmark(int rows, int repetitions)
{
    private static readonly int[] Counts = [1, 2, 4];

    public async Task MeasureAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var synthetic = SyntheticModel.Standard;
        await using var source = await SyntheticDatabase.CreateAsync(synthetic, rows, cancellationToken);
        await report.WriteLineAsync(source.Description);
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows, {synthetic}, {SharedRun.Chunks} chunks, one partition a node"));

        using var models = new ModelFolder();
        var model = models.Write(synthetic);
        for (var repetition = 1; repetition <= repetitions; repetition++)
        {
            foreach (var count in Counts)
            {
                var (cost, chunks) = await new SharedRun(source, rows, model, count).MeasureAsync(cancellationToken);
                await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"{count} nodes: {cost.RowsPerSecond:N0} rows/s; chunks by process: {string.Join(", ", chunks)}"));
            }
        }
    }
}
