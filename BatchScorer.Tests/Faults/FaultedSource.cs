using BatchScorer.Jobs;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Faults;

/// <summary>How a scenario's job reads the customers.</summary>
internal enum SourceKind
{
    /// <summary>The table, by the time at which a row changed.</summary>
    Table,

    /// <summary>The table, by an integer that grows with each change.</summary>
    IntegerCursor,

    /// <summary>A query, which is staged, by the time at which a row changed.</summary>
    Query,

    /// <summary>The table's rows that have no outcome yet, which are staged.</summary>
    Unscored,

    /// <summary>All of the table, each time.</summary>
    All,
}

/// <summary>The source of a scenario's job, and what the invariants have to know of it.</summary>
/// <param name="Source">As the job file has it.</param>
/// <param name="CursorType">The SQL type of its cursor; of none in particular where it has none.</param>
internal sealed record FaultedSource(JobSource Source, string CursorType)
{
    public const string QueryFile = "customers.sql";

    /// <summary>The text of the query, if it is one.</summary>
    public string? Query => Source.Query is null ? null : "SELECT * FROM customers";

    /// <summary>A value of the cursor, in SQL; null where predictions have none.</summary>
    public string? AnyCursor => Source.Cursor is null ? null : CursorType is "bigint" ? "0" : "'epoch'";

    private string Cursor => Source.Cursor ?? "NULL";

    private string SourceCursor => Source.Cursor is null ? "NULL" : "source_cursor";

    /// <summary>What <c>Invariants.sql</c> is written on: rows and their versions, the job and what it has written, whatever the cursor is.</summary>
    public string Sql =>
        $"""
        CREATE SCHEMA invariants;
        CREATE DOMAIN invariants.cursor AS {CursorType};
        CREATE VIEW invariants.rows AS SELECT customer_id, {Cursor}::invariants.cursor AS cursor, golden_id FROM customers;
        CREATE VIEW invariants.versions AS SELECT customer_id, {Cursor}::invariants.cursor AS cursor, golden_id FROM history;
        CREATE VIEW invariants.job AS SELECT '{Source.Mode.ToString().ToLowerInvariant()}' AS mode, next_from::invariants.cursor FROM scoring.jobs;
        CREATE VIEW invariants.predictions AS SELECT run_id, chunk_no, customer_id, {SourceCursor}::invariants.cursor AS cursor, golden_id, score FROM scoring.churn_predictions;
        CREATE VIEW invariants.shown AS SELECT run_id, customer_id, {SourceCursor}::invariants.cursor AS cursor FROM scoring.churn_latest;
        """;

    public static FaultedSource Of(SourceKind kind) => kind switch
    {
        SourceKind.Table => new(CustomersTable.Source, "timestamptz"),
        SourceKind.IntegerCursor => new(CustomersTable.Source with { Cursor = "change_no" }, "bigint"),
        SourceKind.Query => new(CustomersTable.Source with { Table = null, Query = QueryFile }, "timestamptz"),
        SourceKind.Unscored => new(CustomersTable.Source with { Cursor = null, Mode = SourceMode.Unscored }, "timestamptz"),
        SourceKind.All => new(CustomersTable.Source with { Cursor = null, Mode = SourceMode.All }, "timestamptz"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
