using BatchScorer.Quality.Metrics;

namespace BatchScorer.Quality.Slices;

/// <summary>How good the predictions of a model version were, of those of which it is known.</summary>
internal sealed record QualitySlice
{
    public required string ModelName { get; init; }

    public required string ModelVersion { get; init; }

    public required string ModelSha256 { get; init; }

    public required SliceKind Slice { get; init; }

    /// <summary>The first time of a label in the window; null but for windows.</summary>
    public DateTime? WindowFrom { get; init; }

    /// <summary>Where the next window starts.</summary>
    public DateTime? WindowTo { get; init; }

    /// <summary>How long after the prediction the label's time is; null but for lags.</summary>
    public string? Lag { get; init; }

    /// <summary>How many predictions have a label.</summary>
    public required long Labelled { get; init; }

    /// <summary>How many predictions the version's published runs made, labelled or not; null but for all of them, since one without a label is of no window and no lag.</summary>
    public long? Predictions { get; init; }

    /// <summary>The share of the predictions that have a label.</summary>
    public double? LabelledShare => Predictions is > 0 and var all ? Labelled / (double)all : null;

    public required IReadOnlyList<Metric> Metrics { get; init; }

    /// <summary>Whether probabilities came true; null where it was not asked for, or there are none.</summary>
    public IReadOnlyList<CalibrationBin>? Calibration { get; init; }

    /// <summary>What was predicted against what it was; null where it was not asked for, or a number is predicted.</summary>
    public IReadOnlyList<ClassConfusion>? Confusion { get; init; }
}
