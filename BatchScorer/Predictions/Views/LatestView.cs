using BatchScorer.Postgres;

namespace BatchScorer.Predictions.Views;

/// <summary>The view <c>scoring.&lt;job&gt;_latest</c>: for each key the published prediction with the greatest cursor, then run.</summary>
internal static class LatestView
{
    public static string Name(PredictionLayout layout) => SqlIdentifier.Quote("scoring", $"{layout.Job}_latest");

    /// <remarks>
    /// The run and the chunk are looked up after the newest prediction has been found, so that the sort carries nothing of them, and not
    /// at all in queries that want nothing of them: a LEFT JOIN to a primary key may be left out. A condition on the key reaches the
    /// partitions' indexes.
    /// </remarks>
    public static JobView Define(PredictionLayout layout)
    {
        var chosen = layout.CopyColumns.Except(["planned_on"]).Select(column => SqlIdentifier.Quote("prediction", column));
        return new JobView(
            Name(layout),
            $"The newest published prediction of job {layout.Job} for each key",
            [
                .. ViewColumns.OfPredictions(layout, "newest"),
                new("published_at", "newest.shown_from", "When the run's predictions were published, all at once"),
                .. ViewColumns.OfModel,
                ViewColumns.ScoredAt,
            ],
            $"""
            FROM (
                SELECT DISTINCT ON ({Key(layout, "prediction")}) {string.Join(", ", chosen)}, publication.shown_from
                FROM {layout.Table} AS prediction JOIN scoring.run_publications AS publication USING (run_id)
                WHERE publication.shown_to IS NULL
                ORDER BY {NewestFirst(layout, "prediction")}
            ) AS newest
            {ViewColumns.Origin("newest")}
            """);
    }

    /// <summary>The key's columns, to be DISTINCT ON.</summary>
    public static string Key(PredictionLayout layout, string relation) =>
        string.Join(", ", layout.Key.Select(column => SqlIdentifier.Quote(relation, column.Name)));

    /// <summary>The order in which the first prediction of each key is the one that counts.</summary>
    public static string NewestFirst(PredictionLayout layout, string relation) =>
        $"{Key(layout, relation)}, {(layout.CursorType is null ? "" : $"{relation}.source_cursor DESC, ")}{relation}.run_id DESC";
}
