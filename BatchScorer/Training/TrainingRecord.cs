namespace BatchScorer.Training;

/// <summary>A training as the ledger has it.</summary>
internal sealed record TrainingRecord
{
    public required long TrainingId { get; init; }

    public required string Job { get; init; }

    /// <summary><c>manual</c>, <c>schedule</c> or <c>alarm</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was due; null where it was by no schedule.</summary>
    public DateTime? Slot { get; init; }

    /// <summary><c>running</c>, <c>registered</c>, <c>promoted</c>, <c>failed</c>, <c>cancelled</c>, or <c>lost</c> when whoever trained has gone without a word.</summary>
    public required string State { get; init; }

    public long? Labelled { get; init; }

    public long? Rows { get; init; }

    public string? ModelName { get; init; }

    public string? ModelVersion { get; init; }

    public string? ModelSha256 { get; init; }

    public string? Error { get; init; }

    public required string Host { get; init; }

    public required string StartedBy { get; init; }

    public required DateTime StartedAt { get; init; }

    public DateTime? FinishedAt { get; init; }
}
