using BatchScorer.Errors;

namespace BatchScorer.Health;

/// <summary>Asks a <c>serve</c> on this machine whether it is well.</summary>
internal static class HealthQuestion
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Asks, and returns the answer: <c>Healthy</c> or <c>Degraded</c>.</summary>
    /// <param name="address">Where it answers.</param>
    /// <param name="path"><see cref="HealthEndpoint.Live"/> or <see cref="HealthEndpoint.Ready"/>.</param>
    /// <exception cref="BatchScorerException">It is not well, or does not answer.</exception>
    public static async Task<string> AskAsync(HealthAddress address, string path, CancellationToken cancellationToken)
    {
        // What stands between this process and another on the same machine is no proxy.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Limit };
        var question = new Uri(address.Ask, path);
        try
        {
            using var response = await client.GetAsync(question, cancellationToken);
            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode ? answer
                : throw new BatchScorerException(ExitCode.Unavailable, $"{question} answers {(int)response.StatusCode} {answer}: its log says what is wrong.");
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new BatchScorerException(ExitCode.Unavailable,
                $"Nobody answers at {question}: {fault.GetBaseException().Message.TrimEnd('.')}. Check that `batchscorer serve` runs on this machine, with the same BatchScorer:HealthAddress.", fault);
        }
    }
}
