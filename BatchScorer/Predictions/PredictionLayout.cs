using BatchScorer.Postgres;

namespace BatchScorer.Predictions;

/// <summary>The predictions table of a job.</summary>
/// <param name="Job">The job's name, checked against <c>[a-z][a-z0-9_]*</c>.</param>
/// <param name="Key">The key columns.</param>
/// <param name="CursorType">The SQL type of the source's cursor, or null when the job has none.</param>
/// <param name="Carry">The carried columns.</param>
/// <param name="Outputs">The columns that the model fills.</param>
internal sealed record PredictionLayout(
    string Job,
    IReadOnlyList<PassThroughColumn> Key,
    string? CursorType,
    IReadOnlyList<PassThroughColumn> Carry,
    IReadOnlyList<OutputColumn> Outputs)
{
    /// <summary>The table's name, unquoted, in schema <c>scoring</c>.</summary>
    public string TableName => $"{Job}_predictions";

    /// <summary>The table's name as SQL.</summary>
    public string Table => TableOf(Job);

    /// <summary>The name of a job's table as SQL.</summary>
    public static string TableOf(string job) => SqlIdentifier.Quote("scoring", $"{job}_predictions");

    /// <summary>
    /// The statement whose data <see cref="PredictionEncoder"/> makes: key, cursor and carried columns in the order of the
    /// source's pass-through columns, then outputs, then where the row comes from.
    /// </summary>
    public string CopyStatement =>
        $"COPY {Table} ({string.Join(", ", CopyColumns.Select(SqlIdentifier.Quote))}) FROM STDIN (FORMAT BINARY)";

    /// <summary>The columns of <see cref="CopyStatement"/>, in its order.</summary>
    public IEnumerable<string> CopyColumns =>
    [
        .. Key.Select(column => column.Name),
        .. CursorType is null ? [] : new[] { "source_cursor" },
        .. Carry.Select(column => column.Name),
        .. Outputs.Select(column => column.Name),
        "run_id", "chunk_no", "planned_on",
    ];
}
