namespace BatchScorer.Registry;

/// <summary>A version of a model that was put in use.</summary>
internal sealed record Promotion
{
    /// <summary>Put in use because somebody chose it.</summary>
    public const string Promote = "promote";

    /// <summary>Put in use again since the one after it was not to stay.</summary>
    public const string Rollback = "rollback";

    public required long PromotionId { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>The version in use before; null for the first.</summary>
    public string? InsteadOf { get; init; }

    /// <summary><see cref="Promote"/> or <see cref="Rollback"/>.</summary>
    public required string Reason { get; init; }

    public required DateTime PromotedAt { get; init; }

    public required string PromotedBy { get; init; }
}
