using System.Globalization;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Benchmarks.Runs;
using BatchScorer.Models;

namespace BatchScorer.Benchmarks.Comparison;

/// <summary>Times ways to score the same table, side by side on the same server.</summary>
internal sealed class ComparisonBenchmark(int rows, int partitions, int repetitions)
{
    private static readonly SyntheticModel Large = SyntheticModel.Standard with { Classifier = new TreeClassifier(Trees: 500, Leaves: 64) };
    private static readonly SyntheticModel Linear = SyntheticModel.Standard with { Classifier = new LinearClassifier() };

    public async Task MeasureAsync(TextWriter report, CancellationToken cancellationToken)
    {
        await using var source = await SyntheticDatabase.CreateAsync(SyntheticModel.Standard, rows, cancellationToken);
        var arena = new Arena(source.Database, rows, partitions);
        var folder = Directory.CreateTempSubdirectory("batchscorer-comparison-");
        try
        {
            await report.WriteLineAsync(source.Description);
            await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows of 20 numbers and 3 short texts, partitions: {partitions}; medians of {repetitions} rounds"));
            var (standard, linear, large) = (Write(folder, SyntheticModel.Standard), Write(folder, Linear), Write(folder, Large));
            using var scorer = new RowScorer(standard);
            var contenders = await CreateAsync(arena, standard, linear, large, scorer, cancellationToken);
            var costs = await TakeTurnsAsync(contenders, new Meter(ServerProcesses.Of(source.Server.DataFolder)), report, cancellationToken);
            await ReportAsync(costs, report);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<IContender>> CreateAsync(Arena arena, string standard, string linear, string large, RowScorer scorer, CancellationToken cancellationToken)
    {
        var tables = new JobContender(arena, "", "tables", standard, EngineChoice.Compiled);
        var compiled = new JobContender(arena, "BatchScorer, Compiled, 100 x 20", "compiled", standard, EngineChoice.Compiled);
        var floor = new FloorContender(arena, tables, keyed: true);
        var heap = new FloorContender(arena, tables, keyed: false);

        // Once to know the bytes, and to have everything compiled and cached.
        await compiled.PrepareAsync(cancellationToken);
        await compiled.RunAsync(cancellationToken);
        await floor.LearnAsync(compiled.Layout, cancellationToken);
        await heap.LearnAsync(compiled.Layout, cancellationToken);
        await compiled.CleanAsync(cancellationToken);
        return
        [
            floor,
            heap,
            compiled,
            new JobContender(arena, "BatchScorer, Compiled, linear", "linear", linear, EngineChoice.Compiled),
            new JobContender(arena, "BatchScorer, Compiled, 500 x 64", "large", large, EngineChoice.Compiled),
            .. MLNetEngine.IsBuiltIn ? new[] { new JobContender(arena, "BatchScorer, MLNet, 100 x 20", "mlnet", standard, EngineChoice.MLNet) } : [],
            new HandWrittenContender(arena, scorer, tables, copies: false),
            new HandWrittenContender(arena, scorer, tables, copies: true),
        ];
    }

    private static string Write(DirectoryInfo folder, SyntheticModel model)
    {
        var file = Path.Combine(folder.FullName, $"{model.Classifier}.zip");
        File.WriteAllBytes(file, model.Write());
        return file;
    }

    private async Task<IReadOnlyList<(string Name, List<Cost> Costs)>> TakeTurnsAsync(
        IReadOnlyList<IContender> contenders, Meter meter, TextWriter report, CancellationToken cancellationToken)
    {
        var costs = contenders.Select(contender => (contender.Name, new List<Cost>())).ToList();
        for (var round = 1; round <= repetitions; round++)
        {
            foreach (var (contender, (name, list)) in contenders.Zip(costs))
            {
                await contender.PrepareAsync(cancellationToken);
                var cost = await meter.MeasureAsync(() => contender.RunAsync(cancellationToken));
                await contender.CleanAsync(cancellationToken);
                if (cost.Rows != rows)
                    throw new InvalidOperationException($"{name} wrote {cost.Rows} rows of {rows}.");
                list.Add(cost);
                await report.WriteLineAsync($"{round}  {name,-46} {cost}");
            }
        }

        return costs;
    }

    private static async Task ReportAsync(IReadOnlyList<(string Name, List<Cost> Costs)> costs, TextWriter report)
    {
        var floor = Median.Of(costs[0].Costs.Select(cost => cost.RowsPerSecond));
        foreach (var (name, list) in costs)
        {
            var rate = Median.Of(list.Select(cost => cost.RowsPerSecond));
            await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"median  {name,-40} {rate,9:N0} rows/s, {rate / floor:N2} of the floor"));
        }
    }
}
