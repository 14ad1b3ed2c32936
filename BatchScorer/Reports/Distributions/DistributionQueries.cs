namespace BatchScorer.Reports.Distributions;

/// <summary>
/// The SQL that counts predictions. Each statement goes once through the predictions of both runs, whatever the number of outputs: they are looked
/// up by run and day of planning, by which the table is partitioned.
/// </summary>
internal static class DistributionQueries
{
    /// <summary>The run before: the job's newest published one that has predictions. Replays score a few odd rows, and are no measure.</summary>
    public const string Previous =
        """
        SELECT run_id FROM scoring.runs
        WHERE job = @job AND run_id < @runId AND state = 'published' AND trigger <> 'replay' AND rows_scored > 0
        ORDER BY run_id DESC LIMIT 1
        """;

    /// <summary>The days by which the predictions of runs are partitioned.</summary>
    public const string Days = "SELECT DISTINCT planned_on FROM scoring.runs WHERE run_id IN (@runId, @previous)";

    // A number beyond this may be finite, but what is computed with it is not; and infinite ones have no place in a bin.
    private const string Finite = "1e290";

    /// <summary>Least, greatest and mean of each number, per run.</summary>
    public static string Ranges(string table, IReadOnlyList<ScoredColumn> numbers) =>
        $"""
        SELECT no, run_id = @runId AS is_now, count(*) AS rows, count(value) AS counted,
               min(value) AS least, max(value) AS greatest, sum(value) / nullif(count(value), 0) AS mean
        FROM {Numbers(table, numbers)}
        GROUP BY no, run_id
        """;

    /// <summary>How many rows lie in each bin of each number, per run; parameters <c>nos</c>, <c>lows</c>, <c>highs</c> and <c>bins</c> say which bins.</summary>
    public static string Bins(string table, IReadOnlyList<ScoredColumn> numbers) =>
        $"""
        SELECT no, run_id = @runId AS is_now, least(bins - 1, width_bucket(value, low, high, bins) - 1) AS bin, count(*) AS rows
        FROM {Numbers(table, numbers)}
        JOIN unnest(@nos, @lows, @highs, @bins) AS range (no, low, high, bins) USING (no)
        WHERE value IS NOT NULL
        GROUP BY no, run_id, 3
        """;

    /// <summary>The most frequent values of each output, by the shares of both runs, and in a row without a value what is left.</summary>
    public static string Values(string table, IReadOnlyList<ScoredColumn> values) =>
        $"""
        WITH counted AS (
            SELECT no, value, count(*) FILTER (WHERE run_id = @runId) AS now, count(*) FILTER (WHERE run_id = @previous) AS "then"
            FROM {From(table, values, column => $"{column.Quoted}::text")}
            GROUP BY no, value
        ), weighed AS (
            SELECT *, coalesce(now / nullif(sum(now) OVER output, 0), 0) + coalesce("then" / nullif(sum("then") OVER output, 0), 0) AS weight
            FROM counted WINDOW output AS (PARTITION BY no)
        ), ranked AS (
            SELECT *, value IS NULL AS is_left, row_number() OVER (PARTITION BY no, value IS NULL ORDER BY weight DESC, value) AS place FROM weighed
        )
        SELECT no, is_left, CASE WHEN place <= @most AND NOT is_left THEN left(value, @longest) END AS value, CASE WHEN place <= @most THEN place ELSE @most + 1 END AS place,
               sum(now)::bigint AS now, sum("then")::bigint AS "then"
        FROM ranked
        GROUP BY 1, 2, 3, 4
        ORDER BY no, is_left, place
        """;

    private static string Numbers(string table, IReadOnlyList<ScoredColumn> numbers) =>
        From(table, numbers, column => $"CASE WHEN abs({column.Quoted}::double precision) < {Finite} THEN {column.Quoted}::double precision END");

    // The days are parameters of the column's own type, so that partitions are chosen before any is opened.
    private static string From(string table, IReadOnlyList<ScoredColumn> columns, Func<ScoredColumn, string> value) =>
        $"""
        (SELECT prediction.run_id, output.no, output.value
              FROM {table} AS prediction
              CROSS JOIN LATERAL (VALUES {string.Join(", ", columns.Select((column, no) => $"({no}, {value(column)})"))}) AS output (no, value)
              WHERE prediction.run_id IN (@runId, @previous) AND prediction.planned_on = ANY(@days)) AS scored
        """;
}
