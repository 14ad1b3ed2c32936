using BatchScorer.Errors;
using BatchScorer.Models.Compiled;
using BatchScorer.Models.Compiled.Format;

namespace BatchScorer.Models;

/// <summary>A column of a model, with its type in words.</summary>
internal sealed record InspectedColumn(string Name, string Type);

/// <summary>What can be told of a model file, whether an engine can score it or not.</summary>
/// <param name="File">Its path.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
/// <param name="Engine">The engine that would score it; null when none of this build does.</param>
/// <param name="Obstacle">Why not; null when one does.</param>
/// <param name="Inputs">The columns that scoring reads; when no engine can tell, all that the model was trained on.</param>
/// <param name="Outputs">What it answers; empty when no engine can tell.</param>
/// <param name="Steps">Its components, in the order of the file.</param>
internal sealed record ModelInspection(
    string File,
    long SizeBytes,
    string Sha256,
    string? Engine,
    string? Obstacle,
    IReadOnlyList<InspectedColumn> Inputs,
    IReadOnlyList<InspectedColumn> Outputs,
    IReadOnlyList<ModelStep> Steps)
{
    /// <summary>Reads a model file.</summary>
    /// <exception cref="BatchScorerException">It is missing, damaged, or no model.</exception>
    public static ModelInspection Of(string path)
    {
        var file = ModelFile.Read(path);
        var steps = ModelSteps.List(file);
        using var model = TryLoad(file, out var obstacle);
        return new ModelInspection(
            path, file.Bytes.Length, file.Sha256, model?.Engine, obstacle,
            model is null ? TrainedOn(file) : Describe(model.Schema.Inputs),
            model is null ? [] : Describe(model.Schema.Outputs),
            steps);
    }

    private static IModel? TryLoad(ModelFile file, out string? obstacle)
    {
        if (CompiledModel.TryLoad(file, out var compiled, out obstacle))
            return compiled;
        if (!MLNetEngine.IsBuiltIn)
            return null;
        obstacle = null;
        return MLNetEngine.Load(file);
    }

    private static IReadOnlyList<InspectedColumn> TrainedOn(ModelFile file)
    {
        try
        {
            return [.. (InputSchema.Find(file) ?? []).Select(column => new InspectedColumn(column.Name, column.Codec.Type?.ToString() ?? column.Codec.Name))];
        }
        catch (UnsupportedStepException)
        {
            return []; // it is among the reasons why no engine scores the model
        }
    }

    private static IReadOnlyList<InspectedColumn> Describe(IEnumerable<ModelColumn> columns) =>
        [.. columns.Select(column => new InspectedColumn(column.Name, column.Type.ToString()))];
}
