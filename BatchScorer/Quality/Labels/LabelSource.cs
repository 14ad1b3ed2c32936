using System.Text.Json;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Runs;
using BatchScorer.Sources;
using Npgsql;

namespace BatchScorer.Quality.Labels;

/// <summary>A job's labels as its files and the catalogue have them now.</summary>
/// <param name="Comparison">What is compared with them.</param>
/// <param name="Query">How they are read.</param>
/// <param name="Definition">What has to be the same for labels that were taken up before to count.</param>
internal sealed record LabelSource(Comparison Comparison, LabelQuery Query, string Definition)
{
    /// <summary>The property that names the labels' table or query.</summary>
    public static string PathOf(Job job) => job.LabelsQueryFile is null ? "labels.table" : "labels.query";

    /// <summary>What of a job's predictions is compared with its labels.</summary>
    /// <exception cref="BatchScorerException">The job has no labels or no predictions table, or the two do not fit; with the place in its file.</exception>
    public static async Task<Comparison> CompareAsync(NpgsqlDataSource readers, Job job, CancellationToken cancellationToken)
    {
        if (job.Definition.Labels is null)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration,
                $"Job \"{job.Name}\" does not say where what really happened is found: name it in {Path.GetFileName(job.File)}, "
                + "\"labels\": { \"table\": \"…\", \"label\": \"…\", \"time\": \"…\" }, as docs/quality.md tells.");
        }

        await using var connection = await readers.OpenConnectionAsync(cancellationToken);
        SourceDescription predictions;
        try
        {
            predictions = await SourceCatalog.DescribeTableAsync(connection, new QualifiedName("scoring", $"{job.Name}_predictions"), cancellationToken);
        }
        catch (BatchScorerException)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration, $"Job \"{job.Name}\" has no table scoring.{job.Name}_predictions yet: run `batchscorer db migrate` once, as the owner of the schema.");
        }

        return new ComparisonBinding(job.Definition, predictions).TryBind(out var faults) ?? throw new JobPlaces(job).Refuse(faults);
    }

    /// <summary>Finds a job's labels.</summary>
    /// <exception cref="BatchScorerException">The job has none, or they do not fit; with the place in its file.</exception>
    public static async Task<LabelSource> FindAsync(NpgsqlDataSource readers, Job job, CancellationToken cancellationToken)
    {
        var comparison = await CompareAsync(readers, job, cancellationToken);
        var places = new JobPlaces(job);
        var (text, description) = await places.AtAsync(PathOf(job), () => DescribeAsync(readers, job, cancellationToken));
        var query = new LabelBinding(job.Definition, comparison, description).TryBind(out var faults) ?? throw places.Refuse(faults);
        // What is measured by, not what: a threshold, windows and how far to look back.
        var labels = job.Definition.Labels! with { Threshold = null, Window = default, Lookback = default };
        return new LabelSource(comparison, query, JsonSerializer.Serialize(new { labels, comparison.Kind, comparison.Output, text }, JobJson.Options));
    }

    /// <summary>What is wrong with a job's labels, asked of the database; nothing where it has none.</summary>
    /// <param name="readers">The database.</param>
    /// <param name="job">The job.</param>
    /// <param name="layout">Its predictions as they are going to be, whether their table is there or not.</param>
    public static async Task<IReadOnlyList<BindingFault>> FindFaultsAsync(NpgsqlDataSource readers, Job job, PredictionLayout layout, CancellationToken cancellationToken)
    {
        if (job.Definition.Labels is null)
            return [];
        var predictions = await DescribeAsync(readers, layout, cancellationToken);
        if (new ComparisonBinding(job.Definition, predictions).TryBind(out var faults) is not { } comparison)
            return faults;
        try
        {
            var (_, description) = await DescribeAsync(readers, job, cancellationToken);
            new LabelBinding(job.Definition, comparison, description).TryBind(out faults);
            return faults;
        }
        catch (BatchScorerException fault)
        {
            return [new BindingFault(PathOf(job), fault.Message)];
        }
    }

    /// <summary>The table as the catalogue is going to have it.</summary>
    private static async Task<SourceDescription> DescribeAsync(NpgsqlDataSource readers, PredictionLayout layout, CancellationToken cancellationToken)
    {
        var columns = PredictionsTable.Columns(layout).Select(column => $"NULL::{column.SqlType} AS {SqlIdentifier.Quote(column.Name)}");
        await using var connection = await readers.OpenConnectionAsync(cancellationToken);
        return await SourceCatalog.DescribeQueryAsync(connection, layout.TableName, $"SELECT {string.Join(", ", columns)}", cancellationToken);
    }

    private static async Task<(string? Text, SourceDescription Description)> DescribeAsync(NpgsqlDataSource readers, Job job, CancellationToken cancellationToken)
    {
        var text = job.LabelsQueryFile is null ? null : JobPreparation.ReadQuery(job.LabelsQueryFile);
        await using var connection = await readers.OpenConnectionAsync(cancellationToken);
        return (text, text is null
            ? await SourceCatalog.DescribeTableAsync(connection, job.Definition.Labels!.Table!, "labels.table", cancellationToken)
            : await SourceCatalog.DescribeQueryAsync(connection, job.Definition.Labels!.Query!, text, cancellationToken));
    }
}
