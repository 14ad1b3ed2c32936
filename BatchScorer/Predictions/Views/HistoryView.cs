using BatchScorer.Postgres;

namespace BatchScorer.Predictions.Views;

/// <summary>The view <c>scoring.&lt;job&gt;_history</c>: every prediction that readers see or saw, once for each time that it was shown.</summary>
internal static class HistoryView
{
    public static string Name(PredictionLayout layout) => SqlIdentifier.Quote("scoring", $"{layout.Job}_history");

    public static JobView Define(PredictionLayout layout) => new(
        Name(layout),
        $"Every prediction of job {layout.Job} that was ever published, also those that newer ones have replaced or that were withdrawn: a row for each time it was published",
        [
            .. ViewColumns.OfPredictions(layout, "prediction"),
            new("shown_from", "publication.shown_from", "When the run's predictions were published, all at once"),
            new("shown_to", "publication.shown_to", "When the run was withdrawn; null while it is published, also when a newer prediction of the key is shown instead"),
            .. ViewColumns.OfModel,
            ViewColumns.ScoredAt,
        ],
        $"""
        FROM {layout.Table} AS prediction
        JOIN scoring.run_publications AS publication USING (run_id)
        {ViewColumns.Origin("prediction")}
        """);
}
