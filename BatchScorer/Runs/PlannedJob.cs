using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Predictions;
using BatchScorer.Runs.Challengers;
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
    Manifest Manifest, ModelFile ModelFile, IModel Model, SourceLayout Source, PredictionLayout Predictions, bool SourceIsTable) : IDisposable
{
    /// <summary>The model that scores beside; null where there is none.</summary>
    public Challenger? Challenger { get; init; }

    /// <summary>Why the job's challenger stays out; null where it does not, or there is none.</summary>
    public string? ChallengerFault { get; init; }

    public JobDefinition Definition => Manifest.Job;

    public string Name => Definition.Name;

    /// <summary>What a run of the job reads: the source, or the table that it was staged into.</summary>
    public SourceLayout SourceOf(Run run) => run.Manifest.Source.StagedTable is { } staged
        ? Source with { Relation = SourceStaging.Quoted(staged), Filter = null }
        : Source;

    /// <summary>A run of it, with everything that its partitions need. Its models are disposed of with the job.</summary>
    public PreparedRun Prepare(Run run) => new(run, SourceOf(run), Predictions, Model) { Challenger = Challenger, ChallengerFault = ChallengerFault };

    /// <summary>The job as if it had no challenger. The challenger is still its own to dispose of.</summary>
    public PlannedJob WithoutChallenger(string? fault)
    {
        var source = Source.Reading([]);
        return this with
        {
            Manifest = Manifest with { Challenger = null, Source = Manifest.Source with { Columns = source.Columns.ToDictionary(column => column.Name, column => column.SqlType) } },
            Source = source,
            Challenger = null,
            ChallengerFault = fault,
        };
    }

    public void Dispose()
    {
        Model.Dispose();
        Challenger?.Model.Dispose();
    }
}
