using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Predictions;
using BatchScorer.Sources;

namespace BatchScorer.Runs;

/// <summary>A job whose files, model and source have been read and fit together: ready to be planned.</summary>
/// <param name="Manifest">What a run of it freezes, but for the staged table.</param>
/// <param name="ModelFile">The model's bytes.</param>
/// <param name="Model">The model, loaded.</param>
/// <param name="Source">What to read.</param>
/// <param name="Predictions">Where to write.</param>
/// <param name="SourceIsTable">Whether the source can be read by key ranges; otherwise it has to be staged.</param>
internal sealed record PlannedJob(
    Manifest Manifest, ModelFile ModelFile, IModel Model, SourceLayout Source, PredictionLayout Predictions, bool SourceIsTable)
{
    public JobDefinition Definition => Manifest.Job;

    public string Name => Definition.Name;

    /// <summary>What a run of the job reads: the source, or the table that it was staged into.</summary>
    public SourceLayout SourceOf(Run run) => run.Manifest.Source.StagedTable is { } staged
        ? Source with { Relation = SourceStaging.Quoted(staged), Filter = null }
        : Source;
}
