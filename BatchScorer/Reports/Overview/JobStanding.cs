namespace BatchScorer.Reports.Overview;

/// <summary>How a job stands by the ledger.</summary>
internal sealed record JobStanding
{
    public required string Job { get; init; }

    /// <summary>Where the job's next window starts; null before the first.</summary>
    public string? NextFrom { get; init; }

    /// <summary>The newest run, whatever became of it.</summary>
    public long? LastRun { get; init; }

    public string? LastState { get; init; }

    /// <summary>The newest run whose predictions readers see.</summary>
    public long? ShownRun { get; init; }

    public DateTime? ShownFrom { get; init; }

    /// <summary>The newest window of the job's own runs that readers see.</summary>
    public long? CoveredRun { get; init; }

    public string? CoveredFrom { get; init; }

    public string? CoveredTo { get; init; }
}
