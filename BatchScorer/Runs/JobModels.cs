using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Registry;

namespace BatchScorer.Runs;

/// <summary>A job's model, loaded, and what its runs call it.</summary>
internal sealed record ChosenModel(ModelFile File, IModel Model, ModelReference Version);

/// <summary>Loads the model that a job names, be it a file or a registered one.</summary>
internal static class JobModels
{
    /// <summary>The property that names the job's model.</summary>
    public static string PathOf(Job job) => job.ModelFile is null ? "model.name" : "model.path";

    /// <summary>Loads the model that the job names at this moment; a registered one has scored its golden rows.</summary>
    /// <exception cref="BatchScorerException">There is none, or it will not do.</exception>
    public static async Task<ChosenModel> LoadAsync(ModelRegistry registry, Job job, CancellationToken cancellationToken)
    {
        var wanted = job.Definition.Model;
        if (wanted.Reference() is not { } reference)
        {
            var file = ModelFile.Read(job.ModelFile!);
            var version = wanted.Version ?? file.Sha256[..12];
            return new ChosenModel(file, ModelLoader.Load(file, wanted.Engine), new ModelReference(Path.GetFileNameWithoutExtension(job.ModelFile!), version));
        }

        return await LoadAsync(registry, reference, wanted.Engine, cancellationToken);
    }

    /// <summary>Loads the registered model that a reference means at this moment; it has scored its golden rows.</summary>
    /// <exception cref="BatchScorerException">There is none, or it will not do.</exception>
    public static async Task<ChosenModel> LoadAsync(ModelRegistry registry, ModelReference reference, EngineChoice engine, CancellationToken cancellationToken)
    {
        var registered = await registry.FindAsync(reference, ExitCode.BadConfiguration, cancellationToken);
        var file = await registry.FetchAsync(registered, cancellationToken);
        return new ChosenModel(file, await registry.LoadAsync(registered, file, engine, cancellationToken), registered.Reference());
    }
}
