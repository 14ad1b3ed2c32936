using BatchScorer.Postgres;
using BatchScorer.Quality.Metrics;
using Dapper;

namespace BatchScorer.Reports.Watching;

/// <summary>A metric in a window of the labels' time.</summary>
internal sealed record QualityPoint
{
    public required string Metric { get; init; }

    public required DateTime WindowFrom { get; init; }

    public required DateTime WindowTo { get; init; }

    public required string ModelName { get; init; }

    public required string ModelVersion { get; init; }

    /// <summary>Whether that is the model of the run that is reported.</summary>
    public required bool IsOfRun { get; init; }

    /// <summary>Null where the labels do not define it.</summary>
    public double? Value { get; init; }

    /// <summary>Why it is not defined; null where it is.</summary>
    public string? Reason { get; init; }

    public required long Labelled { get; init; }

    /// <summary>The limits that the run's job names; null for none.</summary>
    public double? AtLeast { get; init; }

    /// <inheritdoc cref="AtLeast"/>
    public double? AtMost { get; init; }

    public required DateTime ComputedAt { get; init; }
}

/// <summary>How good a job's predictions were, window by window.</summary>
/// <param name="Metrics">The windows of each metric by time, the newest <see cref="MostWindows"/>.</param>
internal sealed record QualityHistory(IReadOnlyList<IReadOnlyList<QualityPoint>> Metrics)
{
    private const int MostWindows = 100;

    private const string Select =
        """
        SELECT quality.metric, quality.window_from, quality.window_to, quality.model_name, quality.model_version, quality.value, quality.reason, quality.labelled, quality.computed_at,
               (quality.model_name, quality.model_version, quality.model_sha256) = (run.model_name, run.model_version, run.model_sha256) AS is_of_run,
               (bounds->>'atLeast')::double precision AS at_least, (bounds->>'atMost')::double precision AS at_most
        FROM scoring.runs AS run
        JOIN scoring.quality AS quality ON quality.job = run.job AND quality.slice = 'window'
        CROSS JOIN LATERAL (SELECT run.manifest #> ARRAY['job', 'alarms', 'quality', 'metrics', quality.metric] AS bounds) AS named
        WHERE run.run_id = @runId
          AND quality.window_from IN (SELECT DISTINCT recent.window_from FROM scoring.quality AS recent WHERE recent.job = run.job AND recent.slice = 'window' ORDER BY recent.window_from DESC LIMIT @most)
        ORDER BY quality.window_from, quality.model_name, quality.model_version
        """;

    /// <summary>Reads what is known by now of the run's job.</summary>
    /// <returns>Null where no labels have been taken up.</returns>
    public static async Task<QualityHistory?> ReadAsync(Database database, long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var points = (await connection.QueryAsync<QualityPoint>(new CommandDefinition(Select, new { runId, most = MostWindows }, cancellationToken: cancellationToken))).ToLookup(point => point.Metric);
        var metrics = MetricNames.All.Where(points.Contains).Select(IReadOnlyList<QualityPoint> (metric) => [.. points[metric]]).ToList();
        return metrics.Count == 0 ? null : new QualityHistory(metrics);
    }
}
