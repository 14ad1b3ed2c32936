namespace BatchScorer.Runs.Backfills;

/// <summary>What became of the rows of a window.</summary>
internal enum WindowState
{
    /// <summary>Published runs cover it, and readers see the wanted model's predictions.</summary>
    Scored,

    /// <summary>Published runs cover it, but in part by another model; or the source has rows since that have no outcome.</summary>
    Stale,

    /// <summary>Published runs do not cover it, and a run that failed or was cancelled lies in the rest.</summary>
    Failed,

    /// <summary>Published runs do not cover it.</summary>
    Missing,
}

/// <summary>A window of a grid.</summary>
internal sealed record WindowRecord
{
    /// <summary>First value of the cursor, inclusive.</summary>
    public required string From { get; init; }

    /// <summary>The value behind the last one.</summary>
    public required string To { get; init; }

    public required WindowState State { get; init; }

    /// <summary>The models whose predictions readers see in it: name and version.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Rows of the source; null where the source was not asked.</summary>
    public long? Rows { get; init; }

    /// <summary>How many of them have no outcome at their own cursor; null where that was not asked.</summary>
    public long? RowsWithoutOutcome { get; init; }
}
