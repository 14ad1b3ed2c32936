using System.Text.Json;
using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Models.Compiled;
using BatchScorer.Registry.Golden;
using BatchScorer.Registry.References;
using BatchScorer.Registry.Stores;

namespace BatchScorer.Registry;

/// <summary>Gives models names and versions.</summary>
internal sealed class ModelRegistration(ModelCatalog catalog, StoredModels files)
{
    /// <summary>Puts a model's file into the store and its version into the ledger, in this order: a version that is listed can be fetched.</summary>
    /// <param name="reference">Its name and version.</param>
    /// <param name="file">Its file.</param>
    /// <param name="model">The model, loaded from it.</param>
    /// <param name="golden">Rows that it has to score as it does now; null for none.</param>
    /// <param name="data">What it was made with; null where that is not known.</param>
    /// <param name="notes">What to say about it.</param>
    /// <returns>Where the file is, and whether the version is new: the same bytes may be registered under it once more.</returns>
    /// <exception cref="BatchScorerException">The version has other bytes, or the store is out of reach.</exception>
    public async Task<(string Place, bool IsNew)> RegisterAsync(
        ModelReference reference, ModelFile file, IModel model, GoldenRows? golden, ReferenceData? data, string? notes, CancellationToken cancellationToken)
    {
        if (await FindAsync(reference, cancellationToken) is { } existing)
            Require(existing, file);
        var place = await files.AddAsync(file, cancellationToken);
        var added = await catalog.TryAddAsync(
            new RegisteredModel
            {
                Name = reference.Name,
                Version = reference.Version,
                Sha256 = file.Sha256,
                SizeBytes = file.Bytes.Length,
                Schema = JsonElement.Parse(model.Schema.ToJson()),
                Steps = [.. ModelSteps.List(file).Select(step => step.Signature)],
                Engine = model.Engine,
                Notes = notes,
            },
            golden,
            data,
            cancellationToken);
        // Somebody may have come first.
        if (!added)
            Require((await FindAsync(reference, cancellationToken))!, file);
        return (place, added);
    }

    private Task<RegisteredModel?> FindAsync(ModelReference reference, CancellationToken cancellationToken) =>
        catalog.FindAsync(reference.Name, reference.Version, cancellationToken);

    private static void Require(RegisteredModel existing, ModelFile file)
    {
        if (existing.Sha256 != file.Sha256)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration,
                $"{existing.Reference()} is registered already with another file: {file.Name} has SHA-256 {file.Sha256}, expected {existing.Sha256}. A version never changes: register this file under another one.");
        }
    }
}
