using Microsoft.ML;

namespace BatchScorer.Models.MLNet;

/// <summary>Finds the columns that some output depends on.</summary>
internal static class InputColumns
{
    /// <summary>The columns needed, in the order of the model's own schema. A label that only a step for training reads is not among them.</summary>
    public static IReadOnlyList<DataViewSchema.Column> Select(
        ModelFile file, ITransformer transformer, DataViewSchema inputSchema, IReadOnlyList<DataViewSchema.Column> outputs)
    {
        var mapper = transformer.GetRowToRowMapper(inputSchema);
        var needed = mapper.GetDependencies(outputs.Select(output => mapper.OutputSchema[output.Index])).Select(column => column.Index).ToHashSet();
        DataViewSchema.Column[] columns = [.. inputSchema.Where(column => needed.Contains(column.Index))];

        foreach (var column in columns)
        {
            if (ColumnTypes.OfInput(column) is null)
                throw ModelFault.In(file.Name, $"input \"{column.Name}\" is of type {column.Type}; expected numbers, booleans, text or keys, in vectors of one length");
        }

        return columns;
    }
}
