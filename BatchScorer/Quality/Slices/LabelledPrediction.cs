namespace BatchScorer.Quality.Slices;

/// <summary>A prediction and what happened, as <c>scoring.labelled_predictions</c> has them.</summary>
internal readonly record struct LabelledPrediction(
    long RunId, double? Predicted, string? PredictedClass, double? Actual, string? ActualClass, DateTime LabelTime, DateTime PublishedAt);
