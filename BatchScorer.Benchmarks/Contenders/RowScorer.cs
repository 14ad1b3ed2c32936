#if MLNET
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ML;

namespace BatchScorer.Benchmarks.Contenders;

/// <summary>Scores a row at a time with ML.NET, as its documentation has it.</summary>
internal sealed class RowScorer(string model) : IDisposable
{
    private readonly ServiceProvider services = Services(model);

    public static string Engine => "PredictionEnginePool";

    public Func<SyntheticRow, SyntheticAnswer> Create()
    {
        var pool = services.GetRequiredService<PredictionEnginePool<SyntheticRow, SyntheticAnswer>>();
        return row => pool.Predict(row);
    }

    public void Dispose() => services.Dispose();

    private static ServiceProvider Services(string model)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddPredictionEnginePool<SyntheticRow, SyntheticAnswer>().FromFile(model, watchForChanges: false);
        return services.BuildServiceProvider();
    }
}
#else
using BatchScorer.Batches;
using BatchScorer.Models;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Benchmarks.Contenders;

/// <summary>Scores a row at a time with the Compiled engine, where ML.NET is not there.</summary>
internal sealed class RowScorer(string model) : IDisposable
{
    private readonly CompiledModel compiled = CompiledModel.Load(ModelFile.Read(model));

    public static string Engine => "Compiled, a row at a time";

    /// <summary>A scorer for one thread.</summary>
    public Func<SyntheticRow, SyntheticAnswer> Create()
    {
        var (inputs, outputs) = (compiled.Schema.CreateInputs(1), compiled.Schema.CreateOutputs(1));
        var numbers = Enumerable.Range(1, 20).Select(i => (typeof(SyntheticRow).GetProperty($"Number{i}")!.GetMethod!.CreateDelegate<Func<SyntheticRow, float>>(), ((Column<float>)inputs[$"Number{i}"]).Values)).ToArray();
        var texts = Enumerable.Range(1, 3).Select(i => (typeof(SyntheticRow).GetProperty($"Category{i}")!.GetMethod!.CreateDelegate<Func<SyntheticRow, string>>(), (TextColumn)inputs[$"Category{i}"])).ToArray();
        var (label, score, probability) = (((Column<bool>)outputs["PredictedLabel"]).Values, ((Column<float>)outputs["Score"]).Values, ((Column<float>)outputs["Probability"]).Values);
        var faults = new List<RowFault>();
        return row =>
        {
            inputs.Truncate(0);
            foreach (var (read, values) in numbers)
                values[0] = read(row);
            foreach (var (read, column) in texts)
                column.Append(read(row));
            inputs.RowCount = 1;
            compiled.Score(inputs, outputs, faults);
            return new SyntheticAnswer { PredictedLabel = label[0], Score = score[0], Probability = probability[0] };
        };
    }

    public void Dispose() => compiled.Dispose();
}
#endif
