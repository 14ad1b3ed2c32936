namespace BatchScorer.Runs.Retention;

/// <summary>A partition of predictions that are all older than their job keeps them.</summary>
internal sealed record ExpiredPartition
{
    /// <summary>The table, in schema <c>scoring</c>.</summary>
    public required string Partition { get; init; }

    /// <summary>The first day on which its runs were planned; null for predictions that were kept whatever their age.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The day behind the last one.</summary>
    public required DateOnly To { get; init; }

    /// <summary>The server's last estimate of its rows; null before the first.</summary>
    public long? Rows { get; init; }

    /// <summary>Its size on disk, indexes included.</summary>
    public required long Bytes { get; init; }

    /// <summary>A run in it that is open, for which it stays; null when there is none.</summary>
    public long? OpenRun { get; init; }

    /// <summary>Whether it goes. It stays for a run that is open, and where the newest predictions are kept, for one in a partition before it too.</summary>
    public required bool Goes { get; init; }
}

/// <summary>What is older than a job keeps it: what would go, or what has gone.</summary>
internal sealed record RetentionRecord
{
    public required string Job { get; init; }

    /// <summary>The partitions of predictions, the oldest first.</summary>
    public required IReadOnlyList<ExpiredPartition> Partitions { get; init; }

    /// <summary>Predictions that were moved aside, since readers have to find them still; null as long as nothing is dropped.</summary>
    public long? PredictionsKept { get; init; }

    /// <summary>The earliest instant for which <c>scoring.&lt;job&gt;_as_of</c> answers; null for all.</summary>
    public DateTime? WholeSince { get; init; }

    public required long RejectedRows { get; init; }

    /// <summary>Runs, which go with all that the ledger has of them.</summary>
    public required long Runs { get; init; }
}
