using BatchScorer.Postgres;
using BatchScorer.Predictions;

namespace BatchScorer.Runs;

/// <summary>The rows of a source that have no outcome in any run of its job: those of an abandoned run are none, and those of a withdrawn one are.</summary>
internal static class UnscoredRows
{
    /// <summary>The condition on <c>source</c> that no run has scored the row's key, or rejected it for good.</summary>
    public static string Condition(PredictionLayout predictions) => Condition(predictions, "", "rejected.resolved_by IS NULL AND ");

    /// <summary>The condition on <c>source</c> that no run has scored or rejected the row as it is now: its key, at its own cursor.</summary>
    /// <remarks>
    /// Cursors are compared as equal and not kept to a range besides: of the newest predictions the server's statistics know nothing yet,
    /// so that it would take a range of them for a few, and go through all of them for each row.
    /// </remarks>
    /// <param name="predictions">The job's predictions.</param>
    /// <param name="cursor">The source's cursor column.</param>
    public static string ConditionAtCursor(PredictionLayout predictions, string cursor) =>
        Condition(predictions, $"prediction.source_cursor = {Source(cursor)} AND ", $"rejected.source_cursor = {Source(cursor)}::text AND ");

    private static string Condition(PredictionLayout predictions, string ofPrediction, string ofRejected)
    {
        var sameKey = string.Join(" AND ", predictions.Key.Select(column => $"{SqlIdentifier.Quote("prediction", column.Name)} = {Source(column.Name)}"));
        var key = string.Join(", ", predictions.Key.Select(column => $"{SqlLiteral.Quote(column.Name)}, {Source(column.Name)}"));
        return $"""
            NOT EXISTS (
                SELECT FROM {predictions.Table} AS prediction JOIN scoring.runs AS run USING (run_id)
                WHERE {sameKey} AND {ofPrediction}run.state <> 'abandoned')
            AND NOT EXISTS (
                SELECT FROM scoring.rejected_rows AS rejected JOIN scoring.runs AS run USING (run_id)
                WHERE rejected.job = {SqlLiteral.Quote(predictions.Job)} AND rejected.key = jsonb_build_object({key}) AND {ofRejected}run.state <> 'abandoned')
            """;
    }

    private static string Source(string column) => SqlIdentifier.Quote("source", column);
}
