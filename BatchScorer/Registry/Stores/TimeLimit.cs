using System.Globalization;

namespace BatchScorer.Registry.Stores;

/// <summary>Ends what takes too long, and says so.</summary>
internal static class TimeLimit
{
    /// <summary>Does something within a time.</summary>
    /// <exception cref="StoreFault">It took longer.</exception>
    public static async Task<T> WithinAsync<T>(TimeSpan limit, string place, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(limit);
        try
        {
            return await work(source.Token);
        }
        catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreFault(place, string.Create(CultureInfo.InvariantCulture, $"it did not answer within {limit.TotalSeconds:0.##} s"), canPass: true, cause);
        }
    }
}
