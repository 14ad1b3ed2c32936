using BatchScorer.Batches;
using BatchScorer.Models;

namespace BatchScorer.Benchmarks.Kernels;

/// <summary>An engine scores columns.</summary>
/// <param name="name">What it is called in the report.</param>
/// <param name="model">The engine; disposed of with this.</param>
/// <param name="inputs">The rows.</param>
internal sealed class BatchScoring(string name, IModel model, Batch[] inputs) : ScoringWay(name)
{
    private readonly Batch outputs = model.Schema.CreateOutputs(inputs[0].Capacity);
    private readonly List<RowFault> faults = [];

    public override ReadOnlySpan<float> Scores => ((Column<float>)outputs["Score"]).Values.AsSpan(0, outputs.RowCount);

    public override void Score(int batch) => model.Score(inputs[batch], outputs, faults);

    public override void Dispose() => model.Dispose();
}
