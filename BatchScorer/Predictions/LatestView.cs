using BatchScorer.Postgres;

namespace BatchScorer.Predictions;

/// <summary>The view <c>scoring.&lt;job&gt;_latest</c>: for each key the published prediction with the greatest cursor, then run.</summary>
internal static class LatestView
{
    public static string Name(PredictionLayout layout) => $"scoring.{SqlIdentifier.Quote($"{layout.Job}_latest")}";

    public static string Create(PredictionLayout layout)
    {
        var key = string.Join(", ", layout.Key.Select(column => SqlIdentifier.Quote("prediction", column.Name)));
        var columns = string.Join(", ", layout.Outputs.Select(column => column.Name)
            .Concat(layout.Carry.Select(column => column.Name))
            .Select(column => SqlIdentifier.Quote("prediction", column)));
        var newest = layout.CursorType is null ? "prediction.run_id DESC" : "prediction.source_cursor DESC, prediction.run_id DESC";
        return $"""
            DROP VIEW IF EXISTS {Name(layout)};
            CREATE VIEW {Name(layout)} AS
            SELECT DISTINCT ON ({key})
                   {key}, {columns},
                   {(layout.CursorType is null ? "" : "prediction.source_cursor, ")}run_id, publication.shown_from AS published_at, model.name AS model_name, model.version AS model_version
            FROM {layout.Table} AS prediction
            JOIN scoring.run_publications AS publication USING (run_id)
            JOIN scoring.runs AS run USING (run_id)
            JOIN scoring.models AS model ON model.sha256 = run.model_sha256
            WHERE publication.shown_to IS NULL
            ORDER BY {key}, {newest};
            COMMENT ON VIEW {Name(layout)} IS {SqlLiteral.Quote($"The newest published prediction of job {layout.Job} for each key")};
            COMMENT ON COLUMN {Name(layout)}.run_id IS 'The run, in scoring.runs';
            COMMENT ON COLUMN {Name(layout)}.published_at IS 'When the run''s predictions were published';
            COMMENT ON COLUMN {Name(layout)}.model_name IS 'The model that made the prediction';
            COMMENT ON COLUMN {Name(layout)}.model_version IS 'The model''s version'
            """;
    }
}
