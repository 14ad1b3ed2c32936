using BatchScorer.Errors;

namespace BatchScorer.Models.Compiled.Format;

/// <summary>The columns a model was trained on, among them the label and others that scoring does not need.</summary>
internal static class InputSchema
{
    private const string Entry = "Schema";

    /// <summary>Reads them from the zip entry <c>Schema</c> or, where a model was saved with its data loader, from that.</summary>
    /// <exception cref="BatchScorerException">The file has no schema, or it is damaged.</exception>
    /// <exception cref="UnsupportedStepException">The data loader is of a kind not known here.</exception>
    public static IReadOnlyList<SchemaColumn> Read(ModelFile file) => Find(file)
        ?? throw ModelFault.In(file.Name, "has no input schema; save the model again with MLContext.Model.Save(model, schema, path)");

    /// <summary>Reads them, or returns null when the file has no schema.</summary>
    /// <exception cref="BatchScorerException">It is damaged.</exception>
    /// <exception cref="UnsupportedStepException">The data loader is of a kind not known here.</exception>
    public static IReadOnlyList<SchemaColumn>? Find(ModelFile file) => file.Entry(Entry) is { } content
        ? DataViewSchema.Read(file.Name, Entry, content)
        : LoaderSchema.Read(file);
}
