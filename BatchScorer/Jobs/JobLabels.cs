using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using BatchScorer.Jobs.Json;
using BatchScorer.Postgres;

namespace BatchScorer.Jobs;

/// <summary>Where a job finds what really happened, and what of its predictions is compared with it.</summary>
[ExactlyOneOf(nameof(Table), nameof(Query))]
internal sealed record JobLabels
{
    [Description("The table or view of labels, written as source.table is. A job has labels in a table or a query.")]
    public QualifiedName? Table { get; init; }

    [Description("The query instead of a table: the name of a file in sql/sources/ with one SELECT.")]
    [RegularExpression(JobSource.QueryPattern, ErrorMessage = JobSource.QueryExpected)]
    public string? Query { get; init; }

    [Description("The columns that have the key, in the order of source.key. Default: columns of the same names.")]
    [Length(1, 30), ColumnName, UniqueItems]
    public IReadOnlyList<string>? Key { get; init; }

    [Description("The column that tells what happened. A row in which it is null has no label yet.")]
    [ColumnName]
    public required string Label { get; init; }

    [Description("The timestamptz column that tells when it happened. A label is compared with the newest prediction of its key that readers were shown at that instant.")]
    [ColumnName]
    public required string Time { get; init; }

    [Description("What is predicted: \"binary\" (yes or no, by a probability or score), \"regression\" (a number) or \"multiclass\" (one class of several). Default: what the output tells.")]
    public LabelKind? Kind { get; init; }

    [Description("The column of the predictions table that is compared: for \"binary\" the probability, for \"regression\" the number, for \"multiclass\" the predicted class. Default: the one for the model's Probability, or else its PredictedLabel or Score where that is unambiguous.")]
    [ColumnName]
    public string? Output { get; init; }

    [Description("The label that means yes, as PostgreSQL prints it. Only for \"binary\". Default: true, or 1 where labels are numbers.")]
    public string? Positive { get; init; }

    [Description("The least probability or score that counts as a predicted yes. Only for \"binary\"; default: 0.5.")]
    public double? Threshold { get; init; }

    [Description("The classes in the order in which labels.probabilities has them. Only for \"multiclass\".")]
    [Length(2, 10000), UniqueItems]
    public IReadOnlyList<string>? Classes { get; init; }

    [Description("The column of the predictions table with the probability of each class, for log loss. Only for \"multiclass\".")]
    [ColumnName]
    public string? Probabilities { get; init; }

    [Description("How far below the newest label that was taken up later labels are looked for, and corrections: a time, from a second to 3660 days. `quality JOB --all` looks at every label.")]
    [Range(typeof(TimeSpan), "00:00:01", "3660.00:00:00")]
    public TimeSpan Lookback { get; init; } = TimeSpan.FromDays(31);

    [Description("How long the windows are by which quality over time is told, by the labels' times in UTC: \"day\", \"week\" (from Monday) or \"month\".")]
    public LabelWindow Window { get; init; } = LabelWindow.Week;
}
