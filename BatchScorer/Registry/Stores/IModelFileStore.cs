namespace BatchScorer.Registry.Stores;

/// <summary>
/// Where the files of registered models live, for every node to fetch. A file is found by the SHA-256 of its bytes, so that one never
/// changes and needs no other name; whoever reads it compares the hash.
/// </summary>
internal interface IModelFileStore : IDisposable
{
    /// <summary>Where the file of this hash is or would be, as messages name it; without secrets.</summary>
    string PlaceOf(string sha256);

    /// <summary>The bytes that the store has for this hash, unchecked; null where it has none.</summary>
    /// <exception cref="StoreFault">The store is out of reach, or refuses.</exception>
    Task<byte[]?> FindAsync(string sha256, CancellationToken cancellationToken);

    /// <summary>Puts a file into the store, in place of one that is there; it is there whole or not at all.</summary>
    /// <exception cref="StoreFault">The store is out of reach, or refuses.</exception>
    Task AddAsync(string sha256, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
