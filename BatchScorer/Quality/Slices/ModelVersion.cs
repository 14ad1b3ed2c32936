namespace BatchScorer.Quality.Slices;

/// <summary>The model of a run.</summary>
internal sealed record ModelVersion(string Name, string Version, string Sha256);
