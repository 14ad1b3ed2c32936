using System.Text.Json;
using BatchScorer.Batches;

namespace BatchScorer.Models;

/// <summary>A column that a model reads or makes.</summary>
/// <param name="Name">The model's own name for it, such as <c>TenureMonths</c> or <c>Score</c>.</param>
/// <param name="Type">Its type.</param>
internal sealed record ModelColumn(string Name, ColumnType Type);

/// <summary>What a model reads and what it answers.</summary>
/// <param name="Inputs">The columns some output depends on, in the order of the model's own schema.</param>
/// <param name="Outputs">The columns the predictor and the steps behind it add, such as <c>Score</c> and <c>PredictedLabel</c>.</param>
internal sealed record ModelSchema(IReadOnlyList<ModelColumn> Inputs, IReadOnlyList<ModelColumn> Outputs)
{
    /// <summary>Makes the batch that <see cref="IModel.Score"/> reads.</summary>
    public Batch CreateInputs(int capacity) => Batch.Create(Inputs.Select(column => (column.Name, column.Type)), capacity);

    /// <summary>Makes the batch that <see cref="IModel.Score"/> fills.</summary>
    public Batch CreateOutputs(int capacity) => Batch.Create(Outputs.Select(column => (column.Name, column.Type)), capacity);

    /// <summary>The schema as the ledger keeps it: <c>{"inputs": [{"name": …, "type": …}], "outputs": […]}</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(new { inputs = Describe(Inputs), outputs = Describe(Outputs) });

    private static IEnumerable<object> Describe(IEnumerable<ModelColumn> columns) =>
        columns.Select(column => new { name = column.Name, type = column.Type.ToString() });
}
