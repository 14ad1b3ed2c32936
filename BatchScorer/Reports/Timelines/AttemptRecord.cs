namespace BatchScorer.Reports.Timelines;

/// <summary>An attempt at a chunk, as the ledger has it.</summary>
internal sealed record AttemptRecord
{
    public required int ChunkNo { get; init; }

    /// <summary>Which of the chunk's attempts it was, from 1.</summary>
    public required int Number { get; init; }

    public required DateTime StartedAt { get; init; }

    /// <summary>Null while it is under way, and for ever where its worker died.</summary>
    public DateTime? EndedAt { get; init; }

    public required string Host { get; init; }

    public required int ProcessId { get; init; }

    /// <summary><c>done</c>, <c>failed</c>, <c>stopped</c> or <c>split</c>; null while it is under way, and for ever where its worker died.</summary>
    public string? Outcome { get; init; }

    /// <summary>Whether the server process that began it is still at it.</summary>
    public required bool UnderWay { get; init; }

    public string? Error { get; init; }

    public AttemptFate Fate => Outcome switch
    {
        "done" => AttemptFate.Done,
        "failed" => AttemptFate.Failed,
        "stopped" => AttemptFate.Stopped,
        "split" => AttemptFate.Split,
        _ => UnderWay ? AttemptFate.UnderWay : AttemptFate.Died,
    };
}

/// <summary>What became of an attempt.</summary>
internal enum AttemptFate
{
    Done,
    Failed,
    Died,
    Stopped,
    Split,
    UnderWay,
}
