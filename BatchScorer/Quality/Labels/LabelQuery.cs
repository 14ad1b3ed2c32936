using System.Globalization;
using BatchScorer.Postgres;
using BatchScorer.Sources;

namespace BatchScorer.Quality.Labels;

/// <summary>The SQL that reads labels.</summary>
/// <param name="Job">The job.</param>
/// <param name="Relation">The table or query, as it stands after FROM.</param>
/// <param name="Key">Its columns for the key, in the order of the job's.</param>
/// <param name="Label">Its column of labels.</param>
/// <param name="Time">Its column of when it happened.</param>
/// <param name="Number">The label as a number, as SQL; null where labels are classes.</param>
internal sealed record LabelQuery(string Job, string Relation, IReadOnlyList<SourceColumn> Key, SourceColumn Label, SourceColumn Time, string? Number)
{
    /// <summary>The table that its rows go to, with the columns in their order.</summary>
    public const string Into = "scoring.incoming_labels (job, key, label_time, actual, actual_class, label)";

    /// <summary>The labels of a time, both ends included, as one SELECT without parameters, as COPY needs it.</summary>
    public string Select(DateTime from, DateTime to)
    {
        var label = Column(Label);
        var known = Key.Append(Label).Select(column => $"{Column(column)} IS NOT NULL");
        return $"""
            SELECT {SqlLiteral.Quote(Job)}::text, ARRAY[{string.Join(", ", Key.Select(column => $"{Column(column)}::text"))}], {Column(Time)},
                   ({Number ?? "NULL"})::double precision, {(Number is null ? $"{label}::text" : "NULL::text")}, {label}::text
            FROM (SELECT * FROM {Relation}) AS source
            WHERE {Column(Time)} BETWEEN {Instant(from)} AND {Instant(to)} AND {string.Join(" AND ", known)}
            """;
    }

    private static string Column(SourceColumn column) => $"source.{SqlIdentifier.Quote(column.Name)}";

    private static string Instant(DateTime utc) => $"'{utc.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00'::timestamptz";
}
