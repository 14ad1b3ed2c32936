using System.Text.Json;
using BatchScorer.Batches;
using BatchScorer.Models;

namespace BatchScorer.Registry.Golden;

/// <summary>A column of golden rows: its values as text, row after row, as many a row as its type is wide.</summary>
internal sealed record GoldenColumn(string Name, string Type, IReadOnlyList<string> Values);

/// <summary>
/// Rows with the answers that a model gave when it was registered. The same bytes have to give them ever after, whatever engine, version
/// of this program or machine scores them.
/// </summary>
/// <param name="Rows">How many.</param>
/// <param name="Inputs">What the model read.</param>
/// <param name="Outputs">What it answered.</param>
internal sealed record GoldenRows(int Rows, IReadOnlyList<GoldenColumn> Inputs, IReadOnlyList<GoldenColumn> Outputs)
{
    /// <summary>Most rows a model may have: one batch.</summary>
    public const int MostRows = 1024;

    public static GoldenRows Of(Batch inputs, Batch outputs) => new(inputs.RowCount, Of(inputs), Of(outputs));

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public static GoldenRows Parse(string json) =>
        JsonSerializer.Deserialize<GoldenRows>(json, JsonSerializerOptions.Web) ?? throw new JsonException("The golden rows are null.");

    /// <summary>Scores the rows again.</summary>
    /// <param name="model">The model, loaded from the bytes that were registered.</param>
    /// <returns>How the first row that is answered otherwise differs, as a clause; null where none does.</returns>
    public string? FindDifference(IModel model)
    {
        if (Read(Inputs, model.Schema.Inputs) is not { } inputs)
            return $"the model was registered with the inputs {Names(Inputs)}, and now reads {string.Join(", ", model.Schema.Inputs.Select(column => $"{column.Name} ({column.Type})"))}";
        var answers = model.Schema.CreateOutputs(Rows);
        var faults = new List<RowFault>();
        model.Score(inputs, answers, faults);
        if (faults is [var fault, ..])
            return $"golden row {fault.Row + 1}{(fault.Column is null ? "" : $", column \"{fault.Column}\"")} cannot be scored any more: {fault.Reason}";
        if (Read(Outputs, model.Schema.Outputs) is not { } recorded)
            return $"the model was registered with the outputs {Names(Outputs)}, and now answers {string.Join(", ", model.Schema.Outputs.Select(column => $"{column.Name} ({column.Type})"))}";
        return AnswerComparison.Difference(answers, recorded, new HashSet<int>(), AnswerComparison.ToleranceOf(model)) is { } difference
            ? $"golden row {difference.Row + 1}, column \"{difference.Column}\": the model answers {difference.Value}, and {difference.Other} is recorded"
            : null;
    }

    private static IReadOnlyList<GoldenColumn> Of(Batch batch) =>
        [.. batch.Columns.Select(column => new GoldenColumn(column.Name, column.Type.ToString(), GoldenValues.Write(column, batch.RowCount)))];

    /// <summary>The recorded columns as a batch of a schema; null where that has others.</summary>
    private Batch? Read(IReadOnlyList<GoldenColumn> recorded, IReadOnlyList<ModelColumn> schema)
    {
        var batch = Batch.Create(schema.Select(column => (column.Name, column.Type)), Rows);
        foreach (var column in batch.Columns)
        {
            if (recorded.FirstOrDefault(candidate => candidate.Name == column.Name && candidate.Type == column.Type.ToString()) is not { } values)
                return null;
            GoldenValues.Read(values.Values, column);
        }

        batch.RowCount = Rows;
        return batch;
    }

    private static string Names(IEnumerable<GoldenColumn> columns) => string.Join(", ", columns.Select(column => $"{column.Name} ({column.Type})"));
}
