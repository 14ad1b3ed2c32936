using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using Dapper;
using Npgsql;

namespace BatchScorer.Reports.Distributions;

/// <summary>A column of a predictions table that a run's model has filled.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SqlType">Its type.</param>
internal sealed record ScoredColumn(string Name, string SqlType)
{
    // By what the run froze, since the job may have gained columns later. Where it names no outputs, they are what is left.
    private const string OfRun =
        """
        SELECT attname AS name, format_type(atttypid, atttypmod) AS sql_type
        FROM pg_attribute,
             LATERAL (SELECT manifest->'job' AS job FROM scoring.runs WHERE run_id = @runId) AS frozen,
             LATERAL (SELECT ARRAY(SELECT jsonb_object_keys(job->'outputs')) AS named,
                             ARRAY(SELECT jsonb_array_elements_text(job->'source'->'key')) || ARRAY(SELECT jsonb_array_elements_text(job->'carry')) AS passed) AS columns
        WHERE attrelid = to_regclass(@table) AND attnum > 0 AND NOT attisdropped
          AND CASE WHEN cardinality(named) > 0 THEN attname = ANY(named) ELSE attname <> ALL(passed) AND attname <> ALL(@common) END
        ORDER BY attnum
        """;

    private static readonly string[] WholeNumbers = ["smallint", "integer", "bigint"];

    /// <summary>Whether it holds a list of numbers, which has no one distribution.</summary>
    public bool IsList => SqlType.EndsWith("[]", StringComparison.Ordinal);

    public bool IsNumber => IsWhole || SqlType is "real" or "double precision";

    public bool IsWhole => WholeNumbers.Contains(SqlType);

    /// <summary>The outputs of a run, in the table's order.</summary>
    public static async Task<IReadOnlyList<ScoredColumn>> ReadAsync(NpgsqlConnection connection, string job, long runId, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<ScoredColumn>(new CommandDefinition(
            OfRun, new { runId, table = PredictionLayout.TableOf(job), common = PredictionColumns.Common }, cancellationToken: cancellationToken))).AsList();

    /// <summary>The column as SQL.</summary>
    public string Quoted => SqlIdentifier.Quote(Name);
}
