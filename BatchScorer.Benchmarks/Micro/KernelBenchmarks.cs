using BatchScorer.Batches;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Models;
using BenchmarkDotNet.Attributes;

namespace BatchScorer.Benchmarks.Micro;

/// <summary>A row's score, from columns that are in memory.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private const int BatchRows = 1024;

    // More batches than one, so that no kernel scores rows that it has seen a moment ago.
    private const int Batches = 16;

    private static readonly Dictionary<string, ISyntheticClassifier> Classifiers = new()
    {
        ["100 x 20"] = new TreeClassifier(Trees: 100, Leaves: 20),
        ["500 x 64"] = new TreeClassifier(Trees: 500, Leaves: 64),
        ["linear"] = new LinearClassifier(),
    };

    private readonly List<RowFault> faults = [];
    private IModel model = null!;
    private Batch[] inputs = null!;
    private Batch outputs = null!;
    private int next;

    public static IEnumerable<string> Models => Classifiers.Keys;

    public static IEnumerable<string> Engines => MLNetEngine.IsBuiltIn ? [nameof(EngineChoice.Compiled), nameof(EngineChoice.MLNet)] : [nameof(EngineChoice.Compiled)];

    [ParamsSource(nameof(Models))]
    public string Model { get; set; } = "";

    [ParamsSource(nameof(Engines))]
    public string Engine { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        var synthetic = SyntheticModel.Standard with { Classifier = Classifiers[Model] };
        var file = ModelFile.FromBytes("synthetic.zip", synthetic.Write());
        model = ModelLoader.Load(file, Enum.Parse<EngineChoice>(Engine));
        outputs = model.Schema.CreateOutputs(BatchRows);
        inputs = [.. Enumerable.Range(1, Batches).Select(_ => model.Schema.CreateInputs(BatchRows))];
        for (var i = 0; i < inputs.Length; i++)
            SyntheticRows.Fill(inputs[i], synthetic, seed: i + 1);
    }

    [GlobalCleanup]
    public void CleanUp() => model.Dispose();

    [Benchmark(OperationsPerInvoke = BatchRows)]
    public void Score() => model.Score(inputs[next++ % Batches], outputs, faults);
}
