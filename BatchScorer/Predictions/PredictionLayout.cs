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
    /// <summary>Whether it is the table for what the job's challengers answer to the same rows.</summary>
    public bool IsOfChallenger { get; init; }

    /// <summary>The table's name, unquoted, in schema <c>scoring</c>. No other job's table can have it, since those end with "_predictions".</summary>
    public string TableName => IsOfChallenger ? $"{Job}_challenger" : $"{Job}_predictions";

    /// <summary>The table's name as SQL.</summary>
    public string Table => SqlIdentifier.Quote("scoring", TableName);

    /// <summary>What readers are told about the table.</summary>
    public string Comment => IsOfChallenger
        ? $"What the challengers of job {Job} answered to the rows of its runs, shown or not; read scoring.{Job}_comparison instead"
        : $"Predictions of job {Job}, of every run, shown or not; read scoring.{Job}_latest instead";

    /// <summary>The table of the job's challengers: the same key and outputs.</summary>
    public PredictionLayout OfChallenger() => this with { CursorType = null, Carry = [], IsOfChallenger = true };

    /// <summary>The name of a job's table as SQL.</summary>
    public static string TableOf(string job) => SqlIdentifier.Quote("scoring", $"{job}_predictions");

    /// <summary>The name of the table of a job's challengers as SQL.</summary>
    public static string ChallengerTableOf(string job) => SqlIdentifier.Quote("scoring", $"{job}_challenger");

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
