using BatchScorer.Batches;
using Microsoft.ML;

namespace BatchScorer.Models.MLNet;

/// <summary>A model that ML.NET itself scores, by engines from a <c>PredictionEnginePool</c> over row types made for the model.</summary>
internal sealed class MLNetModel : IModel
{
    private readonly RowScorer scorer;

    private MLNetModel(ModelSchema schema, RowScorer scorer)
    {
        Schema = schema;
        this.scorer = scorer;
    }

    public string Engine => MLNetEngine.Name;

    public ModelSchema Schema { get; }

    /// <inheritdoc cref="MLNetEngine.Load"/>
    public static MLNetModel Load(ModelFile file, IReadOnlyCollection<string>? outputs) =>
        TransformerFile.Guard(file, () =>
        {
            var context = new MLContext();
            var (transformer, schema) = TransformerFile.Load(context, file);
            var outputColumns = OutputColumns.Select(file, transformer, schema, outputs);
            var inputColumns = InputColumns.Select(file, transformer, schema, outputColumns);
            var types = RowTypes.Emit(schema, inputColumns, outputColumns);
            return new MLNetModel(
                new ModelSchema(
                    [.. inputColumns.Select(column => new ModelColumn(column.Name, ColumnTypes.OfInput(column)!.Value))],
                    [.. outputColumns.Select(column => new ModelColumn(column.Name, ColumnTypes.OfOutput(column)!.Value))]),
                RowScorer.Create(context, transformer, types));
        });

    public void Score(Batch inputs, Batch outputs, ICollection<RowFault> faults) => scorer.Score(inputs, outputs, faults);

    public void Dispose() => scorer.Dispose();
}
