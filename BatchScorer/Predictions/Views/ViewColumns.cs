using BatchScorer.Postgres;

namespace BatchScorer.Predictions.Views;

/// <summary>The columns that the views of a job have in common.</summary>
internal static class ViewColumns
{
    /// <summary>The run and the chunk that the predictions of <paramref name="relation"/> come from.</summary>
    public static string Origin(string relation) =>
        $"""
        LEFT JOIN scoring.runs AS run ON run.run_id = {relation}.run_id
        LEFT JOIN scoring.chunks AS chunk ON chunk.run_id = {relation}.run_id AND chunk.chunk_no = {relation}.chunk_no
        """;

    /// <summary>Which model made the prediction.</summary>
    public static IReadOnlyList<ViewColumn> OfModel { get; } =
    [
        new("model_name", "run.model_name", "The model that made the prediction"),
        new("model_version", "run.model_version", "The model's version, as the job gave it when the run was planned"),
    ];

    /// <summary>When the prediction was made.</summary>
    public static ViewColumn ScoredAt { get; } = new("scored_at", "chunk.done_at", "When the prediction was made and written");

    /// <summary>Key, outputs and carried columns, cursor and run.</summary>
    public static IEnumerable<ViewColumn> OfPredictions(PredictionLayout layout, string relation) =>
        PredictionsTable.Columns(layout)
            .Where(column => column.Name is not ("chunk_no" or "planned_on"))
            .Select(column => new ViewColumn(column.Name, SqlIdentifier.Quote(relation, column.Name), column.Comment));
}
