namespace BatchScorer.Runs;

/// <summary>How often and how long a worker tries what may yet succeed.</summary>
internal sealed record RetryPolicy
{
    /// <summary>Attempts at a chunk, those of workers that died included, until it is given up.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>How long a chunk is left alone after its first failed attempt; twice as long after each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server that is away is waited for.</summary>
    public TimeSpan Outage { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a chunk is left alone after so many attempts.</summary>
    public TimeSpan DelayAfter(int attempts) => FirstDelay * Math.Pow(2, attempts - 1);
}
