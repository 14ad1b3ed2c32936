using BatchScorer.Models;
using BatchScorer.Predictions;
using BatchScorer.Sources;

namespace BatchScorer.Runs.Challengers;

/// <summary>A second model that scores the rows of a run beside the job's own, ready to.</summary>
/// <param name="Frozen">What the run froze of it.</param>
/// <param name="File">The model's bytes.</param>
/// <param name="Model">The model, loaded.</param>
/// <param name="Inputs">Which column fills which of its inputs.</param>
/// <param name="Predictions">Where it writes: those of the job's outputs that it has too.</param>
internal sealed record Challenger(ManifestChallenger Frozen, ModelFile File, IModel Model, IReadOnlyList<InputMapping> Inputs, PredictionLayout Predictions)
{
    /// <summary>The columns that its inputs are read from.</summary>
    public IReadOnlyList<SourceColumn> Columns { get; } = [.. Inputs.Select(mapping => mapping.Column)];
}
