using System.Globalization;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Quality.Labels;
using BatchScorer.Sources;

namespace BatchScorer.Training.Data;

/// <summary>
/// Joins a job's labelled predictions to the rows of its source that they were made from: those whose cursor is the one that was scored. What
/// comes out is a source like the job's own, to be read by the same reader into the same inputs, with the label carried along.
/// </summary>
/// <param name="job">The job.</param>
/// <param name="source">What its runs read.</param>
/// <param name="comparison">What of its predictions is compared with labels.</param>
/// <param name="range">Which labels.</param>
internal sealed class ExampleQuery(JobDefinition job, SourceLayout source, Comparison comparison, LabelRange range)
{
    private const uint Text = 25;

    // No column of a source is called so by chance.
    private const string Label = "batchscorer_label", Time = "batchscorer_label_time", Published = "batchscorer_published_at", Run = "batchscorer_run_id";

    private readonly string kind = comparison.Kind is LabelKind.Multiclass ? "label.actual_class" : "label.actual::text";

    /// <summary>
    /// What is read. Behind the key come what the job carries, the label, its time, since when the prediction was shown, and its run, all as
    /// text. The job's filter is not asked: rows that were scored have passed it, whatever it would say today.
    /// </summary>
    public SourceLayout Layout() => new(
        $"({Rows()}) AS example",
        source.Key,
        Cursor: null,
        [.. Carried().Select(column => AsText(column.As)), AsText(Label), AsText(Time), AsText(Published), AsText(Run)],
        source.Inputs,
        Filter: null);

    /// <summary>What becomes of the labelled predictions, one row: <c>labelled, expired, vanished, changed</c>.</summary>
    public string Counts() =>
        $"""
        SELECT count(*) AS labelled,
               count(*) FILTER (WHERE NOT is_kept) AS expired,
               count(*) FILTER (WHERE is_kept AND NOT is_there) AS vanished,
               count(*) FILTER (WHERE is_kept AND is_there AND NOT is_same) AS changed
        FROM (
            SELECT prediction.run_id IS NOT NULL AS is_kept, {Quoted("source", source.Key[0])} IS NOT NULL AS is_there, {IsSame()} AS is_same
            FROM scoring.labelled_predictions AS label
            JOIN scoring.runs AS run ON run.run_id = label.run_id
            LEFT JOIN {PredictionLayout.TableOf(job.Name)} AS prediction ON {OfLabel()}
            LEFT JOIN (SELECT * FROM {source.Relation}) AS source ON {OfPrediction()}
            WHERE {Counted()}
        ) AS labelled
        """;

    /// <summary>The newest label of each row that is as it was scored.</summary>
    private string Rows()
    {
        var columns = source.Key.Concat(source.Inputs.Select(mapping => mapping.Column)).DistinctBy(column => column.Name);
        var key = string.Join(", ", source.Key.Select(column => Quoted("source", column)));
        return $"""
            SELECT DISTINCT ON ({key}) {string.Join(", ", columns.Select(column => Quoted("source", column)))},
                   {string.Concat(Carried().Select(column => $"{Quoted("source", column.Column)}::text AS {column.As}, "))}
                   {kind} AS {Label}, {Instant("label.label_time")} AS {Time}, {Instant("label.published_at")} AS {Published}, label.run_id::text AS {Run}
            FROM scoring.labelled_predictions AS label
            JOIN scoring.runs AS run ON run.run_id = label.run_id
            JOIN {PredictionLayout.TableOf(job.Name)} AS prediction ON {OfLabel()}
            JOIN (SELECT * FROM {source.Relation}) AS source ON {OfPrediction()} AND {IsSame()}
            WHERE {Counted()}
            ORDER BY {key}, label.label_time DESC, label.run_id DESC
            """;
    }

    private IEnumerable<(SourceColumn Column, string As)> Carried() => source.Carry.Select((column, i) => (column, $"batchscorer_carried_{i + 1}"));

    private string OfLabel() =>
        $"prediction.run_id = label.run_id AND {string.Join(" AND ", comparison.Key.Select((column, i) => LabelMatching.IsSameKey(column, "label", i)))}";

    private string OfPrediction() => string.Join(" AND ", source.Key.Select(column => $"{Quoted("source", column)} = {Quoted("prediction", column)}"));

    private string IsSame() => source.Cursor is { } cursor ? $"{Quoted("source", cursor)} = prediction.source_cursor" : "true";

    /// <summary>Which labelled predictions count, as for quality: those of runs that are published, by the labels' times.</summary>
    private string Counted()
    {
        var conditions = new List<string> { $"label.job = {SqlLiteral.Quote(job.Name)}", "run.state = 'published'" };
        if (range.From is { } from)
            conditions.Add($"label.label_time >= {Literal(from)}");
        if (range.To is { } to)
            conditions.Add($"label.label_time < {Literal(to)}");
        return string.Join(" AND ", conditions);
    }

    private static SourceColumn AsText(string name) => new(name, "text", Text, IsEnum: false, NotNull: false);

    private static string Quoted(string table, SourceColumn column) => SqlIdentifier.Quote(table, column.Name);

    private static string Instant(string expression) => $"""to_char({expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""";

    // COPY takes no parameters.
    private static string Literal(DateTime utc) => $"'{utc.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00'::timestamptz";
}
