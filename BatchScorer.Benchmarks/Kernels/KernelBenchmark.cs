using System.Diagnostics;
using System.Globalization;
using System.Text;
using BatchScorer.Batches;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Models;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Benchmarks.Kernels;

/// <summary>
/// How fast rows that are in memory are scored on one core: by each engine in batches of 1,024, by the Compiled engine also from features
/// that are made already, and by what people use a row at a time. All must give the same bits.
/// </summary>
internal static class KernelBenchmark
{
    private const int BatchRows = 1024;

    // More batches than one, so that nobody scores rows that it has seen a moment ago.
    private const int Batches = 16;

    /// <summary>Measures, and gives the lines to print.</summary>
    /// <exception cref="InvalidOperationException">Two ways gave different scores.</exception>
    public static string Measure(int rows, int repetitions)
    {
        using var folder = new ModelFolder();
        var ways = Ways(folder);
        try
        {
            Compare(ways);
            return Report(ways, Repeat(ways, rows, repetitions));
        }
        finally
        {
            ways.ForEach(way => way.Dispose());
        }
    }

    private static List<ScoringWay> Ways(ModelFolder folder)
    {
        var raw = SyntheticModel.Standard;
        var ready = raw with { FeaturesReady = true };
        var compiled = Compile(raw);
        var fromFeatures = Compile(ready);
        var rows = Fill(compiled, (batch, i) => SyntheticRows.Fill(batch, raw, seed: i + 1));
        var features = Fill(fromFeatures, (batch, i) => SyntheticRows.FillFeatures(batch, rows[i], raw));
        List<ScoringWay> ways = [new RowScoring(folder.Write(raw), rows), new BatchScoring("Compiled, from rows", compiled, rows), new BatchScoring("Compiled, from features", fromFeatures, features)];
        if (MLNetEngine.IsBuiltIn)
            ways.Add(new BatchScoring("MLNet, from rows", MLNetEngine.Load(File(raw)), rows));
        return ways;
    }

    private static CompiledModel Compile(SyntheticModel model) => CompiledModel.Load(File(model));

    private static ModelFile File(SyntheticModel model) => ModelFile.FromBytes("synthetic.zip", model.Write());

    private static Batch[] Fill(IModel model, Action<Batch, int> fill)
    {
        var batches = Enumerable.Range(0, Batches).Select(_ => model.Schema.CreateInputs(BatchRows)).ToArray();
        for (var i = 0; i < batches.Length; i++)
            fill(batches[i], i);
        return batches;
    }

    private static void Compare(List<ScoringWay> ways)
    {
        for (var batch = 0; batch < Batches; batch++)
        {
            foreach (var way in ways)
            {
                way.Score(batch);
                if (!way.Scores.SequenceEqual(ways[0].Scores))
                    throw new InvalidOperationException($"{way.Name} does not give the scores that {ways[0].Name} gives.");
            }
        }
    }

    // They take turns, so that whatever disturbs the machine for a while disturbs all of them.
    private static List<List<double>> Repeat(List<ScoringWay> ways, int rows, int repetitions)
    {
        var measured = ways.ConvertAll(_ => new List<double>());
        for (var i = 0; i < repetitions; i++)
        {
            for (var way = 0; way < ways.Count; way++)
                measured[way].Add(RowsPerSecond(ways[way], rows));
        }

        return measured;
    }

    private static double RowsPerSecond(ScoringWay way, int rows)
    {
        var start = Stopwatch.GetTimestamp();
        var scored = 0;
        for (var i = 0; scored < rows; i++, scored += BatchRows)
            way.Score(i % Batches);
        return scored / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static string Report(List<ScoringWay> ways, List<List<double>> measured)
    {
        var report = new StringBuilder($"{Machine.Describe()}\n");
        foreach (var (way, rates) in ways.Zip(measured))
        {
            report.Append(CultureInfo.InvariantCulture,
                $"{way.Name,-25} {Median.Of(rates),10:N0} rows/s (median of {rates.Count}; {rates.Min():N0} to {rates.Max():N0}), {Median.Of(rates.Zip(measured[0], (rate, first) => rate / first)),5:N1} x the first\n");
        }

        return report.ToString();
    }
}
