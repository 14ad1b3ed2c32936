using BatchScorer.Drift;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using Dapper;

namespace BatchScorer.Runs.Watching;

/// <summary>What a measure says of a column, and since when.</summary>
internal sealed record DriftRecord
{
    /// <summary>Such as <c>jensen_shannon</c>.</summary>
    public required string Measure { get; init; }

    /// <summary>What it was compared with: <c>reference</c>, <c>first</c> or <c>previous</c>.</summary>
    public required string Against { get; init; }

    /// <summary>The run it was compared with; null for the reference.</summary>
    public long? AgainstRun { get; init; }

    public required double Value { get; init; }

    /// <summary>Null where there is none, or too few rows for any difference to be called drift.</summary>
    public double? Limit { get; init; }

    public required bool Drifted { get; init; }

    /// <summary>When the first run was over of those that have drifted without a break; null where it has not drifted.</summary>
    public DateTime? Since { get; init; }

    /// <summary>What to look at; null where it has not drifted.</summary>
    public string? Detail { get; init; }

    /// <summary>How far the value is beyond its limit: 1 at the limit, 0 without one.</summary>
    public double Excess() => DriftLimit.Excess(DriftStore.MeasureOf(Measure), Value, Limit);
}

/// <summary>A column of a run, and what the measures say of it, the farthest beyond its limit first.</summary>
internal sealed record DriftedColumn(string Side, string Column, bool Drifted, IReadOnlyList<DriftRecord> Measures);

/// <summary>How far a run's values are from others, the columns that have drifted the most first.</summary>
internal sealed record DriftReport(string Job, long RunId, DateTime FinishedAt, IReadOnlyList<DriftedColumn> Columns);

/// <summary>Reads what was measured of runs.</summary>
internal sealed class DriftCatalog(Database database)
{
    private const string Find =
        """
        SELECT run_id, finished_at
        FROM scoring.runs AS run
        WHERE job = @job AND (@runId::bigint IS NULL OR run_id = @runId) AND EXISTS (SELECT FROM scoring.run_profiles AS profile WHERE profile.run_id = run.run_id)
        ORDER BY finished_at DESC, run_id DESC LIMIT 1
        """;

    private const string Select =
        """
        SELECT drift.side, column_name AS "column", measure, against, against_run, value, limit_value AS "limit", drifted, drifted_since AS since, detail
        FROM scoring.column_drift AS drift
        WHERE job = @job AND run_id = @runId
        """;

    /// <summary>What was measured of a run.</summary>
    /// <param name="job">The job.</param>
    /// <param name="runId">The run; null for the last one that was profiled.</param>
    /// <exception cref="BatchScorerException">There is no such run, or no profile of it.</exception>
    public async Task<DriftReport> ReadAsync(string job, long? runId, CancellationToken cancellationToken) =>
        await FindAsync(job, runId, cancellationToken)
            ?? throw new BatchScorerException(ExitCode.Usage, runId is null
                ? $"No run of job {job} has been profiled: a run is when it is published, has scored rows, and its job has not set watch.profile to false."
                : $"Run {runId} is no profiled run of job {job}: `batchscorer runs list --job {job}` shows its runs; one is profiled when it is published, has scored rows, and its job has not set watch.profile to false.");

    /// <summary>What was measured of a run, as <see cref="ReadAsync"/>; null where there is no such run, or no profile of it.</summary>
    public async Task<DriftReport?> FindAsync(string job, long? runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        if (await connection.QuerySingleOrDefaultAsync<(long RunId, DateTime FinishedAt)?>(new CommandDefinition(Find, new { job, runId }, cancellationToken: cancellationToken)) is not { } found)
            return null;
        var rows = await connection.QueryAsync<ColumnRow, DriftRecord, (ColumnRow Column, DriftRecord Measure)>(
            new CommandDefinition(Select, new { job, found.RunId }, cancellationToken: cancellationToken), (column, measure) => (column, measure), splitOn: "measure");
        var columns = rows
            .GroupBy(row => row.Column, row => row.Measure)
            .Select(column => new DriftedColumn(
                column.Key.Side, column.Key.Column, column.Any(measure => measure.Drifted), [.. column.OrderByDescending(measure => measure.Drifted).ThenByDescending(measure => measure.Excess())]))
            .OrderByDescending(column => column.Drifted)
            .ThenByDescending(column => column.Measures[0].Excess())
            .ThenBy(column => column.Column, StringComparer.Ordinal);
        return new DriftReport(job, found.RunId, found.FinishedAt, [.. columns]);
    }

    private sealed record ColumnRow
    {
        public required string Side { get; init; }

        public required string Column { get; init; }
    }
}
