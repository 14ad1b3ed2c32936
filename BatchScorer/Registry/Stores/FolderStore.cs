using BatchScorer.Files;
using BatchScorer.Models;

namespace BatchScorer.Registry.Stores;

/// <summary>A store that is a folder: on this machine, or one that all nodes mount.</summary>
internal sealed class FolderStore(string folder) : IModelFileStore
{
    public string PlaceOf(string sha256) => Path.Combine(folder, StoreKey.Of(sha256));

    /// <exception cref="StoreFault">The folder is not there, or may not be read.</exception>
    public async Task<byte[]?> FindAsync(string sha256, CancellationToken cancellationToken)
    {
        var place = PlaceOf(sha256);
        try
        {
            // Where a mount is missing, no file of it is known to be gone.
            if (!Directory.Exists(folder))
                throw new StoreFault(folder, "there is no such folder", canPass: false);
            var length = new FileInfo(place) is { Exists: true } file ? file.Length : (long?)null;
            if (length > ModelFile.MaximumLength)
                throw new StoreFault(place, $"it is {length:N0} bytes long, and a model file is at most {ModelFile.MaximumLength:N0}", canPass: false);
            return length is null ? null : await File.ReadAllBytesAsync(place, cancellationToken);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new StoreFault(place, cause.Message, canPass: false, cause);
        }
    }

    public async Task AddAsync(string sha256, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var place = PlaceOf(sha256);
        try
        {
            await WholeFile.WriteAsync(place, bytes, cancellationToken);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new StoreFault(place, cause.Message, canPass: false, cause);
        }
    }

    public void Dispose()
    {
    }
}
