using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using BatchScorer.Jobs.Json;
using BatchScorer.Postgres;

namespace BatchScorer.Jobs;

/// <summary>Which rows a job reads: a table or a query, its key, and how far a run goes.</summary>
[ExactlyOneOf(nameof(Table), nameof(Query))]
internal sealed record JobSource
{
    public const string QueryPattern = @"^[A-Za-z0-9_][A-Za-z0-9_.\-]*\.sql$";

    public const string QueryExpected = "the name of a .sql file in sql/sources/, without a folder";

    private readonly SourceMode? mode;

    [Description("The table or view: schema.table, or \"Quoted Schema\".\"Table\"; without a schema it is in public. As in SQL, capitals outside quotes count as small letters. A job has a table or a query.")]
    public QualifiedName? Table { get; init; }

    [Description("The query instead of a table: the name of a file in sql/sources/ with one SELECT.")]
    [RegularExpression(QueryPattern, ErrorMessage = QueryExpected)]
    public string? Query { get; init; }

    /// <remarks>A primary key has at most 32 columns, and that of the predictions table adds two of its own.</remarks>
    [Description("The columns that together name a row. They must be unique and not null.")]
    [Length(1, 30), ColumnName, UniqueItems]
    public required IReadOnlyList<string> Key { get; init; }

    [Description("Which rows a run scores. \"window\": those whose cursor lies in the run's window; \"unscored\": those that no run of the job has scored or rejected yet; \"all\": every row. Default: \"window\" where a cursor is named, otherwise \"all\".")]
    [DefaultValue(null)]
    public SourceMode Mode
    {
        get => mode ?? (Cursor is null ? SourceMode.All : SourceMode.Window);
        init => mode = value;
    }

    [Description("The timestamptz or integer column that grows whenever a row is added or changed. Needed for the mode \"window\".")]
    [ColumnName]
    public string? Cursor { get; init; }

    [Description("How far below its window a run looks for rows that no run has scored or rejected as they are now: a time, \"1.00:00:00\" for a day, or a whole number where the cursor is an integer. For cursors that are set by clients, subscriptions or foreign tables, whose rows may come late. Default: not at all.")]
    [LookbackRange]
    public Lookback? Lookback { get; init; }

    [Description("What has to hold before a run is planned: that the rows are all there. Backfills and replays do not ask. Default: nothing.")]
    public SourceFreshness? Fresh { get; init; }

    [Description("An SQL condition on the source's columns, without WHERE; other rows are not read. Default: none.")]
    [NotBlank("an SQL condition such as \"country = 'DE'\"")]
    public string? Filter { get; init; }
}
