using BatchScorer.Drift;
using BatchScorer.Jobs;
using BatchScorer.Profiles;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs.Watching;

/// <summary>Writes what was measured of runs, and reads what is known of runs before.</summary>
internal static class DriftStore
{
    // A run with a few rows says little, such as a replay: nothing is compared with it.
    private const string Comparable =
        """
        SELECT run_id, row_number() OVER (ORDER BY finished_at, run_id) AS place, model_sha256
        FROM scoring.runs AS run
        WHERE job = @job AND run_id <> @runId AND state = 'published' AND rows_scored >= @fewestRows
          AND EXISTS (SELECT FROM scoring.run_profiles AS profile WHERE profile.run_id = run.run_id)
        """;

    private const string FindRuns =
        $"""
        WITH comparable AS ({Comparable})
        SELECT (SELECT run_id FROM comparable WHERE model_sha256 = @sha256 ORDER BY place LIMIT 1), (SELECT run_id FROM comparable ORDER BY place DESC LIMIT 1)
        """;

    // What was called drift says nothing of how the measure spreads without.
    private const string Past =
        $"""
        WITH comparable AS ({Comparable})
        SELECT side, column_name AS column, measure, against, count(*) AS runs, avg(value) AS mean, coalesce(stddev_samp(value), 0) AS deviation
        FROM scoring.run_drift
        WHERE run_id IN (SELECT run_id FROM comparable WHERE model_sha256 = @sha256 ORDER BY place DESC LIMIT @mostRuns) AND NOT drifted AND limit_value IS NOT NULL
        GROUP BY side, column_name, measure, against
        """;

    private const string Insert =
        """
        INSERT INTO scoring.run_drift (run_id, side, column_name, measure, against, against_run, value, limit_value, drifted, detail)
        SELECT @runId, * FROM unnest(@sides, @columns, @measures, @againsts, @againstRuns::bigint[], @values, @limits::double precision[], @drifted, @details)
        """;

    private static readonly Dictionary<string, DriftMeasure> Measures = Enum.GetValues<DriftMeasure>().ToDictionary(WordOf);

    /// <summary>The first published run of the job with the same model and its newest one, this run apart; null where there is none.</summary>
    public static Task<(long? First, long? Previous)> FindRunsAsync(NpgsqlConnection connection, Run run, CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<(long?, long?)>(Command(FindRuns, run, cancellationToken));

    /// <summary>How measures have spread over the last published runs of the job with the same model.</summary>
    public static async Task<IReadOnlyDictionary<PastKey, PastSpread>> PastAsync(NpgsqlConnection connection, Run run, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<PastRow>(Command(Past, run, cancellationToken))).ToDictionary(row => row.Key, row => new PastSpread(row.Runs, row.Mean, row.Deviation));

    public static Task WriteAsync(NpgsqlConnection connection, long runId, IReadOnlyList<MeasuredDrift> measured, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(Insert, new
        {
            runId,
            sides = measured.Select(drift => RunStore.Word(drift.Side)).ToArray(),
            columns = measured.Select(drift => drift.Column).ToArray(),
            measures = measured.Select(drift => WordOf(drift.Measure)).ToArray(),
            againsts = measured.Select(drift => RunStore.Word(drift.Against)).ToArray(),
            againstRuns = measured.Select(drift => drift.AgainstRun).ToArray(),
            values = measured.Select(drift => drift.Value).ToArray(),
            limits = measured.Select(drift => drift.Limit).ToArray(),
            drifted = measured.Select(drift => drift.Drifted).ToArray(),
            details = measured.Select(drift => drift.Detail).ToArray(),
        }, cancellationToken: cancellationToken));

    /// <summary>A measure as tables and commands write it, such as <c>jensen_shannon</c>.</summary>
    public static string WordOf(DriftMeasure measure) => ColumnNames.SnakeCase(measure.ToString());

    /// <summary>The measure that is written so.</summary>
    public static DriftMeasure MeasureOf(string word) => Measures[word];

    private static CommandDefinition Command(string statement, Run run, CancellationToken cancellationToken) => new(
        statement,
        new { job = run.Job, runId = run.Id, sha256 = run.Manifest.Model.Sha256, fewestRows = ColumnDrift.FewestRows, mostRuns = DriftLimit.MostRuns },
        cancellationToken: cancellationToken);

    private sealed record PastRow(string Side, string Column, string Measure, string Against, long Runs, double Mean, double Deviation)
    {
        public PastKey Key => new(Enum.Parse<ProfileSide>(Side, ignoreCase: true), Column, MeasureOf(Measure), Enum.Parse<DriftBase>(Against, ignoreCase: true));
    }
}
