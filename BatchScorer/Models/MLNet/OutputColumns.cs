using BatchScorer.Errors;
using Microsoft.ML;

namespace BatchScorer.Models.MLNet;

/// <summary>Decides which of a model's columns are answers.</summary>
internal static class OutputColumns
{
    /// <summary>The columns asked for, or where none are, the ones that the predictor and the steps behind it add.</summary>
    public static IReadOnlyList<DataViewSchema.Column> Select(
        ModelFile file, ITransformer transformer, DataViewSchema inputSchema, IReadOnlyCollection<string>? names)
    {
        var schema = transformer.GetOutputSchema(inputSchema);
        if (names is not null)
            return [.. names.Select(name => Named(file, schema, name))];

        var added = Added(transformer, inputSchema);
        DataViewSchema.Column[] columns = [.. schema.Where(column => !column.IsHidden && added.Contains(column.Name) && ColumnTypes.OfOutput(column) is not null)];
        return columns.Length > 0 ? columns : throw ModelFault.In(file.Name, "has no step that adds a column of numbers, text or keys; expected one that scores");
    }

    private static DataViewSchema.Column Named(ModelFile file, DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name) ?? throw ModelFault.In(
            file.Name, $"has no output \"{name}\"{Suggestion.For(name, schema.Select(known => known.Name))}");
        return ColumnTypes.OfOutput(column) is not null
            ? column
            : throw ModelFault.In(file.Name, $"output \"{name}\" is of type {column.Type}; expected numbers, booleans, text or keys, in vectors of one length");
    }

    /// <summary>Names of the columns that are not the input's own, from the first predictor on where there is one.</summary>
    private static HashSet<string> Added(ITransformer transformer, DataViewSchema inputSchema)
    {
        var schema = inputSchema;
        var added = new HashSet<string>();
        var predicts = false;
        foreach (var step in Flatten(transformer))
        {
            if (!predicts && step is IPredictionTransformer<object>)
            {
                predicts = true;
                added.Clear();
            }

            var next = step.GetOutputSchema(schema);
            added.UnionWith(next.Skip(schema.Count).Select(column => column.Name));
            schema = next;
        }

        return added;
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer transformer) =>
        transformer is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [transformer];
}
