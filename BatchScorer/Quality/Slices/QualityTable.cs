using System.Globalization;
using BatchScorer.Quality.Labels;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace BatchScorer.Quality.Slices;

/// <summary>The table <c>scoring.quality</c>, which analysts and alarms read.</summary>
internal static class QualityTable
{
    private const string Clear = "DELETE FROM scoring.quality WHERE job = @job";

    private const string Fill =
        """
        COPY scoring.quality (job, model_name, model_version, model_sha256, slice, window_from, window_to, lag, metric, value, reason, labelled, computed_at)
        FROM STDIN (FORMAT BINARY)
        """;

    /// <summary>By what its figures are computed, beside the labels.</summary>
    public static string MeasuredBy(Comparison comparison) =>
        string.Create(CultureInfo.InvariantCulture, $"threshold {comparison.Threshold:R}, window {comparison.Window.ToString().ToLowerInvariant()}");

    /// <summary>Writes a job's quality in place of what there was, in the caller's transaction.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="job">The job.</param>
    /// <param name="slices">Of every kind; those without labels are left out.</param>
    /// <param name="at">When they were computed.</param>
    public static async Task WriteAsync(NpgsqlConnection connection, string job, IReadOnlyList<QualitySlice> slices, DateTime at, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(Clear, new { job }, cancellationToken: cancellationToken));
        await using var copy = await connection.BeginBinaryImportAsync(Fill, cancellationToken);
        foreach (var slice in slices.Where(slice => slice.Labelled > 0))
        {
            foreach (var metric in slice.Metrics)
            {
                await copy.StartRowAsync(cancellationToken);
                foreach (var text in new[] { job, slice.ModelName, slice.ModelVersion, slice.ModelSha256, slice.Slice.ToString().ToLowerInvariant() })
                    await copy.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(slice.WindowFrom, NpgsqlDbType.TimestampTz, cancellationToken);
                await copy.WriteAsync(slice.WindowTo, NpgsqlDbType.TimestampTz, cancellationToken);
                await copy.WriteAsync(slice.Lag, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(metric.Name, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(metric.Value, NpgsqlDbType.Double, cancellationToken);
                await copy.WriteAsync(metric.Reason, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(slice.Labelled, NpgsqlDbType.Bigint, cancellationToken);
                await copy.WriteAsync(at, NpgsqlDbType.TimestampTz, cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
