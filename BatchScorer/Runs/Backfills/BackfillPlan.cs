namespace BatchScorer.Runs.Backfills;

/// <summary>Which windows of a range a backfill scores.</summary>
internal enum WindowChoice
{
    Missing,
    Failed,
    Stale,
    All,
}

/// <summary>What somebody asks of a backfill; values are as they were typed.</summary>
internal sealed record BackfillRequest
{
    public required string From { get; init; }

    public required string To { get; init; }

    /// <summary>The length of a window; null for one window of the whole.</summary>
    public string? Every { get; init; }

    public WindowChoice Only { get; init; } = WindowChoice.Missing;

    public bool NewestFirst { get; init; }
}

/// <summary>What a backfill does with a window.</summary>
internal enum WindowAction
{
    Leave,
    Score,

    /// <summary>Score rows of which readers see predictions already, at least of some.</summary>
    ScoreAgain,
}

/// <summary>A window of the range, in its order.</summary>
internal sealed record PlannedWindow(string From, string To, long Rows, WindowState State, IReadOnlyList<string> Models, WindowAction Action);

/// <summary>What a backfill would do.</summary>
internal sealed record BackfillPlan
{
    public required string Job { get; init; }

    public required ManifestModel Model { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Every { get; init; }

    public required WindowChoice Only { get; init; }

    public required bool NewestFirst { get; init; }

    /// <summary>All windows of the range, from the first on.</summary>
    public required IReadOnlyList<PlannedWindow> Windows { get; init; }

    /// <summary>What it would take by the job's past runs; null when there is none.</summary>
    public required BackfillEstimate? Estimate { get; init; }

    /// <summary>Known again by <c>--plan</c>.</summary>
    public required string Hash { get; init; }

    /// <summary>The windows to score, in the order in which they are.</summary>
    public IEnumerable<PlannedWindow> Chosen()
    {
        var chosen = Windows.Where(window => window.Action is not WindowAction.Leave);
        return NewestFirst ? chosen.Reverse() : chosen;
    }

    /// <summary>Rows to score.</summary>
    public long Rows => Chosen().Sum(window => window.Rows);
}
