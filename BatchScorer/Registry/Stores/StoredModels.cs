using System.Security.Cryptography;
using BatchScorer.Errors;
using BatchScorer.Files;
using BatchScorer.Models;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Registry.Stores;

/// <summary>
/// The files of registered models: fetched from the store once a machine, kept in a folder of it by their hash, and held against the
/// hash every time they are read.
/// </summary>
internal sealed class StoredModels(IModelFileStore store, string cacheFolder, ILogger<StoredModels> logger) : IDisposable
{
    /// <summary>Reads a model's file.</summary>
    /// <param name="name">What messages call the model.</param>
    /// <param name="sha256">The file's hash.</param>
    /// <exception cref="BatchScorerException">The store is out of reach, does not have the file, or has another in its place.</exception>
    public async Task<ModelFile> ReadAsync(string name, string sha256, CancellationToken cancellationToken)
    {
        var cached = Path.Combine(cacheFolder, StoreKey.Of(sha256));
        if (await FindCachedAsync(cached, sha256, cancellationToken) is { } kept)
            return ModelFile.FromBytes(name, kept);

        var place = store.PlaceOf(sha256);
        var bytes = await store.FindAsync(sha256, cancellationToken) ?? throw Fault(name, $"its file is not in the model store: there is no {place}", sha256);
        if (HashOf(bytes) is var hash && hash != sha256)
            throw Fault(name, $"its file in the model store is damaged: {place} has {bytes.Length:N0} bytes with SHA-256 {hash}", sha256);
        await KeepAsync(cached, bytes, cancellationToken);
        return ModelFile.FromBytes(name, bytes);
    }

    /// <summary>Puts a model's file into the store.</summary>
    /// <returns>Where it is.</returns>
    public async Task<string> AddAsync(ModelFile file, CancellationToken cancellationToken)
    {
        await store.AddAsync(file.Sha256, file.Bytes, cancellationToken);
        return store.PlaceOf(file.Sha256);
    }

    public void Dispose() => store.Dispose();

    private async Task<byte[]?> FindCachedAsync(string path, string sha256, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            if (HashOf(bytes) == sha256)
                return bytes;
            RegistryLogs.CacheDamaged(logger, path);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            RegistryLogs.CacheUnusable(logger, cacheFolder, cause.Message);
        }

        return null;
    }

    // Without a cache everything works, only slower.
    private async Task KeepAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await WholeFile.WriteAsync(path, bytes, cancellationToken);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            RegistryLogs.CacheUnusable(logger, cacheFolder, cause.Message);
        }
    }

    private static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static BatchScorerException Fault(string name, string what, string sha256) => new(ExitCode.BadConfiguration,
        $"Model {name}: {what}; expected SHA-256 {sha256}. Register the same file under the same version again, which puts it there.");
}
