using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Registry;
using BatchScorer.Sources;

namespace BatchScorer.Runs.Challengers;

/// <summary>The challenger that a job names, as far as it could be loaded. Nothing that is wrong with it is an exception: the job's own model scores without it.</summary>
internal sealed class ChallengerCandidate : IDisposable
{
    private ChosenModel? chosen;
    private readonly string? fault;

    private ChallengerCandidate(ChosenModel? chosen, string? fault)
    {
        this.chosen = chosen;
        this.fault = fault;
    }

    /// <summary>Loads the challenger that the job names at this moment, and has it score its golden rows.</summary>
    /// <returns>Null where the job names none, or the model that it scores with anyway.</returns>
    public static async Task<ChallengerCandidate?> LoadAsync(ModelRegistry registry, JobDefinition job, string? sha256OfModel, CancellationToken cancellationToken)
    {
        if (job.ChallengerReference() is not { } reference)
            return null;
        try
        {
            var loaded = await JobModels.LoadAsync(registry, reference, job.Model.Engine, cancellationToken);
            if (loaded.File.Sha256 != sha256OfModel)
                return new ChallengerCandidate(loaded, null);
            loaded.Model.Dispose();
            return null;
        }
        catch (Exception cause) when (IsOfModel(cause))
        {
            return new ChallengerCandidate(null, $"{job.Challenger}: {cause.Message}");
        }
    }

    /// <summary>Takes a challenger up again by what a run froze.</summary>
    /// <returns>Null where it froze none.</returns>
    public static async Task<ChallengerCandidate?> LoadAsync(Database database, Manifest frozen, CancellationToken cancellationToken)
    {
        if (frozen.Challenger is not { Model: var version })
            return null;
        try
        {
            var file = await FrozenModels.ReadAsync(database.Writers, version, cancellationToken);
            return new ChallengerCandidate(new ChosenModel(file, ModelLoader.Load(file, frozen.Job.Model.Engine), new ModelReference(version.Name, version.Version)), null);
        }
        catch (Exception cause) when (IsOfModel(cause))
        {
            return new ChallengerCandidate(null, $"{frozen.Job.Challenger}: {cause.Message}");
        }
    }

    /// <summary>The names in the job's <c>inputs</c> that may be this model's: all, where that is not known.</summary>
    public IReadOnlyCollection<string> InputNames(JobDefinition job) =>
        chosen is null ? [.. job.Inputs.Keys] : [.. chosen.Model.Schema.Inputs.Select(input => input.Name)];

    /// <summary>Binds it to the job, or says why it stays out.</summary>
    public Challenger? TryBind(JobDefinition job, SourceDescription source, PredictionLayout predictions, out IReadOnlyList<BindingFault> faults)
    {
        faults = fault is null ? [] : [new BindingFault(ChallengerBinding.Path, fault)];
        if (chosen is not var (file, model, version))
            return null;
        if (new ChallengerBinding(job, model.Schema, predictions).TryBind(source, out faults) is not var (inputs, layout))
        {
            return null;
        }

        chosen = null;
        var frozen = new ManifestChallenger
        {
            Model = new ManifestModel { Name = version.Name, Version = version.Version, Sha256 = file.Sha256, Engine = model.Engine },
            Inputs = inputs.ToDictionary(mapping => mapping.Input.Name, mapping => mapping.Column.Name),
        };
        return new Challenger(frozen, file, model, inputs, layout);
    }

    /// <summary>Disposes of the model, unless it was bound.</summary>
    public void Dispose() => chosen?.Model.Dispose();

    // What the process or the database cannot do, the job's own model cannot do without either.
    private static bool IsOfModel(Exception cause) => cause is not (OperationCanceledException or OutOfMemoryException) && (cause is BatchScorerException || !PassingFault.Is(cause));
}
