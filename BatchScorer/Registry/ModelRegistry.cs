using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Registry.Stores;

namespace BatchScorer.Registry;

/// <summary>Finds registered models and loads them.</summary>
internal sealed class ModelRegistry(ModelCatalog catalog, StoredModels files)
{
    /// <summary>The version that a reference means at this moment.</summary>
    /// <param name="reference">Its name and version, or alias.</param>
    /// <param name="unknown">The exit code when there is none: whether a command or a file names it.</param>
    /// <exception cref="BatchScorerException">There is none.</exception>
    public async Task<RegisteredModel> FindAsync(ModelReference reference, ExitCode unknown, CancellationToken cancellationToken)
    {
        var versions = await RequireAsync(reference.Name, unknown, cancellationToken);
        var found = reference.IsNewest ? versions[^1] : versions.FirstOrDefault(model => reference.IsChampion ? model.IsChampion : model.Version == reference.Version);
        return found ?? throw new BatchScorerException(unknown, reference.IsChampion
            ? $"No version of model \"{reference.Name}\" is promoted yet: run `batchscorer models promote {versions[^1].Reference()}`, or name a version."
            : $"Model \"{reference.Name}\" has no version \"{reference.Version}\"{Alternatives(reference.Version, [.. versions.Select(model => model.Version)])}");
    }

    /// <summary>Every version of a model, in the order in which they were registered.</summary>
    /// <param name="name">The model.</param>
    /// <param name="unknown">The exit code when there is none.</param>
    /// <exception cref="BatchScorerException">There is no such model.</exception>
    public async Task<IReadOnlyList<RegisteredModel>> RequireAsync(string name, ExitCode unknown, CancellationToken cancellationToken) =>
        await catalog.ListAsync(name, cancellationToken) is { Count: > 0 } versions
            ? versions
            : throw new BatchScorerException(unknown, await catalog.NamesAsync(cancellationToken) is { Count: > 0 } names
                ? $"No model \"{name}\" is registered{Alternatives(name, names)}"
                : $"No model \"{name}\" is registered, nor any other: run `batchscorer models register FILE --name {name} --version VERSION`.");

    /// <summary>Fetches a model's file, and checks its hash.</summary>
    public Task<ModelFile> FetchAsync(RegisteredModel model, CancellationToken cancellationToken) =>
        files.ReadAsync(model.Reference().ToString(), model.Sha256, cancellationToken);

    /// <summary>Loads a model, and has it score its golden rows.</summary>
    /// <exception cref="BatchScorerException">It no longer scores them as it did when it was registered.</exception>
    public async Task<IModel> LoadAsync(RegisteredModel model, ModelFile file, EngineChoice engine, CancellationToken cancellationToken)
    {
        var loaded = ModelLoader.Load(file, engine);
        try
        {
            var golden = model.GoldenRows > 0 ? await catalog.FindGoldenRowsAsync(model.Reference(), cancellationToken) : null;
            return golden?.FindDifference(loaded) is { } difference
                ? throw new BatchScorerException(ExitCode.Failed,
                    $"Model {model.Reference()} no longer scores as it did when it was registered: {difference} (engine {loaded.Engine}). Nothing is written with it: promote another version, and report the difference.")
                : loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    private static string Alternatives(string unknown, IReadOnlyList<string> known) =>
        Suggestion.For(unknown, known) is { Length: > 0 } suggestion ? suggestion : $", expected one of {string.Join(", ", known)}.";
}
