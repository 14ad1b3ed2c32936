using BatchScorer.Batches;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Models;
using BatchScorer.Profiles;
using BenchmarkDotNet.Attributes;

namespace BatchScorer.Benchmarks.Micro;

/// <summary>What it takes to profile a row's inputs, 20 numbers and 3 texts, chunk by chunk.</summary>
[MemoryDiagnoser]
public class ProfileBenchmarks
{
    private const int BatchRows = 1024;
    private const int Batches = 48; // about a chunk's rows

    private readonly bool[] skipped = new bool[BatchRows];
    private Batch batch = null!;
    private ProfileCollector collector = null!;

    /// <summary>Which columns: all inputs, or those of one kind.</summary>
    [Params("all", "numbers", "texts")]
    public string Columns { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        var synthetic = SyntheticModel.Standard;
        using var model = ModelLoader.Load(ModelFile.FromBytes("synthetic.zip", synthetic.Write()), EngineChoice.Compiled);
        batch = model.Schema.CreateInputs(BatchRows);
        SyntheticRows.Fill(batch, synthetic, seed: 1);
        collector = new ProfileCollector(batch.Columns.Where(column => Columns == "all" || column is TextColumn == (Columns == "texts")).Select(column => new ProfiledColumn(ProfileSide.Input, column.Name, column)));
    }

    /// <summary>A chunk's batches, and its profile as bytes.</summary>
    [Benchmark(OperationsPerInvoke = BatchRows * Batches)]
    public int Profile()
    {
        for (var i = 0; i < Batches; i++)
            collector.Add(skipped);
        return collector.TakeBytes().Length;
    }
}
