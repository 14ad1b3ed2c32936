using BatchScorer.Jobs;
using BatchScorer.Quality.Slices;

namespace BatchScorer.Quality;

/// <summary>How good a job's predictions were.</summary>
internal sealed record QualityRecord
{
    public required string Job { get; init; }

    public required LabelKind Kind { get; init; }

    /// <summary>The column that is compared with labels.</summary>
    public required string Output { get; init; }

    /// <summary>The least value that is a yes; null where none is predicted.</summary>
    public double? Threshold { get; init; }

    /// <summary>By model version, then windows or lags.</summary>
    public required IReadOnlyList<QualitySlice> Slices { get; init; }
}
