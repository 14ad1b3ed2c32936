using BatchScorer.Postgres;

namespace BatchScorer.Predictions;

/// <summary>The SQL that finds the rows of a source of which no run has an outcome as they are now.</summary>
internal static class MissingOutcome
{
    /// <summary>
    /// A condition on <c>source</c>: no run of the job that is not abandoned, withdrawn or not, has a prediction or a rejected row with
    /// its key and its cursor.
    /// </summary>
    /// <remarks>
    /// Only what is equal in key and cursor is compared: with a range of cursors as well the server would take the newest predictions,
    /// of which its statistics know nothing yet, for few, and go through all of them for each row.
    /// </remarks>
    /// <param name="layout">The job's predictions.</param>
    /// <param name="cursor">The source's cursor column.</param>
    public static string Condition(PredictionLayout layout, string cursor)
    {
        var sameKey = string.Join(" AND ", layout.Key.Select(column => $"{SqlIdentifier.Quote("prediction", column.Name)} = {Source(column.Name)}"));
        var key = string.Join(", ", layout.Key.Select(column => $"{SqlLiteral.Quote(column.Name)}, {Source(column.Name)}"));
        return $"""
            NOT EXISTS (
                SELECT FROM {layout.Table} AS prediction JOIN scoring.runs AS run USING (run_id)
                WHERE {sameKey} AND prediction.source_cursor = {Source(cursor)} AND run.state <> 'abandoned')
            AND NOT EXISTS (
                SELECT FROM scoring.rejected_rows AS rejected JOIN scoring.runs AS run USING (run_id)
                WHERE rejected.job = {SqlLiteral.Quote(layout.Job)} AND rejected.key = jsonb_build_object({key})
                  AND rejected.source_cursor = {Source(cursor)}::text AND run.state <> 'abandoned')
            """;
    }

    private static string Source(string column) => SqlIdentifier.Quote("source", column);
}
