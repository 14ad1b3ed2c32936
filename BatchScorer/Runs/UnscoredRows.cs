using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Sources;

namespace BatchScorer.Runs;

/// <summary>The rows of a source that no run of its job has scored, or rejected for good.</summary>
internal static class UnscoredRows
{
    /// <summary>The condition on <c>source</c>.</summary>
    public static string Condition(SourceLayout layout, PredictionLayout predictions)
    {
        var sameKey = string.Join(" AND ", layout.Key.Select(column =>
            $"{SqlIdentifier.Quote("prediction", column.Name)} = {SqlIdentifier.Quote("source", column.Name)}"));
        var key = string.Join(", ", layout.Key.Select(column => $"{SqlLiteral.Quote(column.Name)}, {SqlIdentifier.Quote("source", column.Name)}"));
        return $"""
            NOT EXISTS (
                SELECT FROM {predictions.Table} AS prediction JOIN scoring.runs AS run USING (run_id)
                WHERE {sameKey} AND run.state <> 'abandoned')
            AND NOT EXISTS (
                SELECT FROM scoring.rejected_rows AS rejected JOIN scoring.runs AS run USING (run_id)
                WHERE rejected.job = {SqlLiteral.Quote(predictions.Job)} AND rejected.key = jsonb_build_object({key}) AND rejected.resolved_by IS NULL AND run.state <> 'abandoned')
            """;
    }
}
