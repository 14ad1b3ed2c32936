using System.Diagnostics;
using System.Globalization;
using System.Text;
using BatchScorer.Batches;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Models;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Benchmarks.Kernels;

/// <summary>How fast each engine scores when rows are in columns already: batches of 1,024 on one core.</summary>
internal static class KernelBenchmark
{
    private const int BatchRows = 1024;

    // More batches than one, so that no engine scores rows that it has seen a moment ago.
    private const int Batches = 16;

    /// <summary>Measures, and gives the lines to print.</summary>
    public static string Measure(int rows, int repetitions)
    {
        var synthetic = SyntheticModel.Standard;
        var file = ModelFile.FromBytes("synthetic.zip", synthetic.Write());
        var engines = new List<IModel> { CompiledModel.Load(file) };
        if (MLNetEngine.IsBuiltIn)
            engines.Add(MLNetEngine.Load(file));
        try
        {
            return Report(engines, Repeat(engines, Inputs(engines[0], synthetic), rows, repetitions));
        }
        finally
        {
            engines.ForEach(engine => engine.Dispose());
        }
    }

    private static Batch[] Inputs(IModel model, SyntheticModel synthetic) =>
    [
        .. Enumerable.Range(1, Batches).Select(seed =>
        {
            var batch = model.Schema.CreateInputs(BatchRows);
            SyntheticRows.Fill(batch, synthetic, seed);
            return batch;
        }),
    ];

    // Engines take turns, so that whatever disturbs the machine for a while disturbs all of them.
    private static Dictionary<IModel, List<double>> Repeat(List<IModel> engines, Batch[] inputs, int rows, int repetitions)
    {
        var measured = engines.ToDictionary(engine => engine, _ => new List<double>());
        foreach (var engine in engines)
            RowsPerSecond(engine, inputs, rows); // for the compiler to warm to it
        for (var i = 0; i < repetitions; i++)
        {
            foreach (var engine in engines)
                measured[engine].Add(RowsPerSecond(engine, inputs, rows));
        }

        return measured;
    }

    private static double RowsPerSecond(IModel model, Batch[] inputs, int rows)
    {
        var outputs = model.Schema.CreateOutputs(BatchRows);
        var faults = new List<RowFault>();
        var start = Stopwatch.GetTimestamp();
        var scored = 0;
        for (var i = 0; scored < rows; i++, scored += BatchRows)
            model.Score(inputs[i % inputs.Length], outputs, faults);
        return scored / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static string Report(List<IModel> engines, Dictionary<IModel, List<double>> measured)
    {
        var report = new StringBuilder($"{Machine.Describe()}\n");
        foreach (var engine in engines)
        {
            var rates = measured[engine];
            report.Append(CultureInfo.InvariantCulture,
                $"{engine.Engine,-8} {Median.Of(rates),10:N0} rows/s (median of {rates.Count}; {rates.Min():N0} to {rates.Max():N0})\n");
        }

        return report.ToString();
    }
}
