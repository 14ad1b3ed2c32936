using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Sources;
using Dapper;
using Npgsql;

namespace BatchScorer.Quality.Labels;

/// <summary>
/// Compares the labels in <c>scoring.incoming_labels</c> with the predictions: of each label's key the one that <c>scoring.&lt;job&gt;_as_of</c> has
/// for the label's time, so that nothing is judged that was predicted after the fact; runs that are withdrawn apart. Where a prediction has
/// several labels the newest counts, and of two at the same instant the greater.
/// </summary>
internal static class LabelMatching
{
    /// <summary>Takes out what is there of a time that labels were read of, but for what they say still.</summary>
    private const string DropStale =
        """
        DELETE FROM scoring.labelled_predictions AS paired
        WHERE job = @job AND label_time BETWEEN @from AND @to
          AND NOT EXISTS (
              SELECT FROM scoring.incoming_labels AS incoming
              WHERE incoming.job = @job AND incoming.key = paired.key AND incoming.label_time = paired.label_time
                AND (incoming.actual, incoming.actual_class) IS NOT DISTINCT FROM (paired.actual, paired.actual_class))
        """;

    /// <summary>What a label is compared with changes only with publications, so those that are paired need no looking up.</summary>
    private const string SkipPaired =
        """
        DELETE FROM scoring.incoming_labels AS incoming USING scoring.labelled_predictions AS paired
        WHERE incoming.job = @job AND paired.job = @job AND incoming.key = paired.key AND incoming.label_time = paired.label_time
          AND (incoming.actual, incoming.actual_class) IS NOT DISTINCT FROM (paired.actual, paired.actual_class)
        """;

    /// <summary>Compares.</summary>
    /// <param name="connection">In the transaction that has read the labels.</param>
    /// <param name="job">The job.</param>
    /// <param name="comparison">What is compared.</param>
    /// <param name="from">The labels that were read are all there are since then, </param>
    /// <param name="to">up to then.</param>
    /// <returns>How many labelled predictions are new, changed or gone.</returns>
    public static async Task<long> MatchAsync(NpgsqlConnection connection, string job, Comparison comparison, DateTime from, DateTime to, CancellationToken cancellationToken)
    {
        var parameters = new { job, from, to, classes = comparison.Classes?.ToArray() ?? [] };
        long changed = 0;
        changed += await connection.ExecuteAsync(new CommandDefinition(DropStale, parameters, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(SkipPaired, parameters, cancellationToken: cancellationToken));
        changed += await connection.ExecuteAsync(new CommandDefinition(Pair(job, comparison), parameters, cancellationToken: cancellationToken));
        return changed;
    }

    private static string Pair(string job, Comparison comparison)
    {
        var output = SqlIdentifier.Quote("prediction", comparison.Output);
        var isClass = comparison.Kind is LabelKind.Multiclass;
        var probability = comparison.Probabilities is { } column ? $"({SqlIdentifier.Quote("prediction", column)})[array_position(@classes, incoming.actual_class)]" : "NULL";
        return $"""
            INSERT INTO scoring.labelled_predictions AS paired (job, key, run_id, predicted, predicted_class, actual, actual_class, label_time, published_at)
            SELECT DISTINCT ON (key, run_id) @job, key, run_id, predicted, predicted_class, actual, actual_class, label_time, shown_from
            FROM (
                SELECT DISTINCT ON (incoming.key, incoming.label_time, incoming.actual, incoming.actual_class)
                       incoming.key, incoming.label_time, incoming.actual, incoming.actual_class, prediction.run_id, shown.shown_from,
                       {output} IS NOT NULL AS has_output,
                       {(isClass ? probability : output)}::double precision AS predicted, {(isClass ? $"{output}::text" : "NULL::text")} AS predicted_class
                FROM scoring.incoming_labels AS incoming
                JOIN {PredictionLayout.TableOf(job)} AS prediction ON {string.Join(" AND ", comparison.Key.Select((column, i) => IsSameKey(column, "incoming", i)))}
                JOIN scoring.run_publications AS shown ON shown.run_id = prediction.run_id
                 AND shown.shown_from <= incoming.label_time AND (shown.shown_to > incoming.label_time OR shown.shown_to IS NULL)
                JOIN scoring.run_publications AS still ON still.run_id = prediction.run_id AND still.shown_to IS NULL
                WHERE incoming.job = @job
                ORDER BY incoming.key, incoming.label_time, incoming.actual, incoming.actual_class,
                         {(comparison.HasCursor ? "prediction.source_cursor DESC, " : "")}prediction.run_id DESC
            ) AS compared
            WHERE has_output
            ORDER BY key, run_id, label_time DESC, actual DESC, actual_class DESC
            ON CONFLICT (job, key, run_id) DO UPDATE
            SET predicted = excluded.predicted, predicted_class = excluded.predicted_class, actual = excluded.actual, actual_class = excluded.actual_class,
                label_time = excluded.label_time, published_at = excluded.published_at
            WHERE (excluded.label_time, coalesce(excluded.actual, 0), coalesce(excluded.actual_class, '')) > (paired.label_time, coalesce(paired.actual, 0), coalesce(paired.actual_class, ''))
            """;
    }

    /// <summary>
    /// The condition, in SQL, that a column of a <c>prediction</c>'s key is what a label's key has in its place: the key's texts as values of the
    /// column's own type and collation, by which the index finds them; wide enough for any label's key.
    /// </summary>
    /// <param name="column">The column.</param>
    /// <param name="label">The table whose column <c>key</c> has the texts.</param>
    /// <param name="index">The place of the column in the key.</param>
    public static string IsSameKey(SourceColumn column, string label, int index)
    {
        var (name, text) = (SqlIdentifier.Quote("prediction", column.Name), $"{label}.key[{index + 1}]");
        return column switch
        {
            { IsEnum: true } => $"""{name}::text = {text} COLLATE "default" """,
            { Family: WireFamily.Integer } => $"{name} = ({text})::bigint",
            { Family: WireFamily.Text } => $"""{name} = ({text})::{column.SqlType} COLLATE "default" """,
            _ => $"{name} = ({text})::{column.SqlType}",
        };
    }
}
