using BatchScorer.Models;

namespace BatchScorer.Registry.Stores;

/// <summary>Reads what a store on the network answers, into memory.</summary>
internal static class StoreBody
{
    private const int PieceLength = 128 << 10;

    /// <summary>Reads all of it, up to the length of the largest model file.</summary>
    /// <param name="place">The file, as messages name it.</param>
    /// <param name="body">What comes.</param>
    /// <param name="length">How much the store says there is; null where it does not say.</param>
    /// <param name="silence">How long nothing may come.</param>
    /// <exception cref="StoreFault">It stops, is cut off or is too long.</exception>
    public static async Task<byte[]> ReadAsync(string place, Stream body, long? length, TimeSpan silence, CancellationToken cancellationToken)
    {
        if (length > ModelFile.MaximumLength)
            throw TooLong(place, length.Value);
        using var read = new MemoryStream((int)(length ?? 0));
        var piece = new byte[PieceLength];
        while (await TimeLimit.WithinAsync(silence, place, token => body.ReadAsync(piece, token).AsTask(), cancellationToken) is > 0 and var count)
        {
            if (read.Length + count > ModelFile.MaximumLength)
                throw TooLong(place, read.Length + count);
            read.Write(piece, 0, count);
        }

        return length is null || read.Length == length
            ? read.ToArray()
            : throw new StoreFault(place, $"its answer ended after {read.Length:N0} of {length:N0} bytes", canPass: true);
    }

    private static StoreFault TooLong(string place, long length) =>
        new(place, $"its answer is {length:N0} bytes long or more, and a model file is at most {ModelFile.MaximumLength:N0}", canPass: false);
}
