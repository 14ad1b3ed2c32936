using BatchScorer.Postgres;

namespace BatchScorer.Predictions.Views;

/// <summary>The function <c>scoring.&lt;job&gt;_as_of(timestamptz)</c>: what <c>scoring.&lt;job&gt;_latest</c> showed at an instant.</summary>
/// <remarks>
/// One SELECT of a function that is neither strict nor has settings of its own, so that PostgreSQL writes it into the query that calls it: a
/// condition on the key reaches the partitions' indexes. It has the rights of its caller, who may read the history.
/// </remarks>
internal static class AsOfFunction
{
    private static string Name(PredictionLayout layout) => $"{SqlIdentifier.Quote("scoring", $"{layout.Job}_as_of")}(timestamptz)";

    /// <summary>The statements that make the function and explain it.</summary>
    /// <param name="layout">The predictions.</param>
    /// <param name="latest">The view as it is, in whose rows the function answers.</param>
    public static string Create(PredictionLayout layout, JobView latest)
    {
        var columns = latest.Columns.Select(column => SqlIdentifier.Quote("history", column.Name is "published_at" ? "shown_from" : column.Name));
        var body =
            $"""
            SELECT DISTINCT ON ({LatestView.Key(layout, "history")}) {string.Join(", ", columns)}
            FROM {HistoryView.Name(layout)} AS history
            WHERE scoring.history_reaches({SqlLiteral.Quote(layout.Job)}, $1)
              AND history.shown_from <= $1 AND (history.shown_to > $1 OR history.shown_to IS NULL)
            ORDER BY {LatestView.NewestFirst(layout, "history")}
            """;
        return $"""
            CREATE OR REPLACE FUNCTION {Name(layout)} RETURNS SETOF {latest.Name}
            LANGUAGE sql STABLE PARALLEL SAFE AS {SqlLiteral.Quote(body)};
            COMMENT ON FUNCTION {Name(layout)} IS {SqlLiteral.Quote($"What scoring.{layout.Job}_latest showed at an instant, whatever was published or withdrawn since; an error where that is not kept")};
            """;
    }
}
