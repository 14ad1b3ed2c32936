namespace BatchScorer.Quality.Slices;

/// <summary>Into what the labelled predictions of a model version are cut.</summary>
internal enum SliceKind
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>By the window that the label's time is in.</summary>
    Window,

    /// <summary>By the time from the prediction to the label.</summary>
    Lag,
}
