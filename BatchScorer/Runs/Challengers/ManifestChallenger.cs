namespace BatchScorer.Runs.Challengers;

/// <summary>The model that scores a run's rows beside its own, as the run froze it.</summary>
internal sealed record ManifestChallenger
{
    public required ManifestModel Model { get; init; }

    /// <summary>Model input to source column, all of them.</summary>
    public required IReadOnlyDictionary<string, string> Inputs { get; init; }
}
