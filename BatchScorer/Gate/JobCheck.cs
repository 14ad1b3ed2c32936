using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Jobs.Json;
using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Quality.Labels;
using BatchScorer.Registry;
using BatchScorer.Runs;
using BatchScorer.Runs.Watching;
using BatchScorer.Sources;
using Npgsql;

namespace BatchScorer.Gate;

/// <summary>Checks a job, whose file is free of faults, against its model and, where there is one, its database.</summary>
internal static class JobCheck
{
    /// <param name="job">The job.</param>
    /// <param name="database">The database of its source; null to leave that part out.</param>
    /// <param name="registry">The registered models; null to leave out a job that names one.</param>
    /// <returns>The faults, each with its place in the job file.</returns>
    public static async Task<IReadOnlyList<FileFault>> CheckAsync(Job job, Database? database, ModelRegistry? registry, CancellationToken cancellationToken)
    {
        if (registry is null && job.ModelFile is null)
            return [];
        try
        {
            using var model = (await JobModels.LoadAsync(registry!, job, cancellationToken)).Model;
            return await CheckAsync(job, model.Schema, database, cancellationToken);
        }
        catch (BatchScorerException fault)
        {
            return new JobPlaces(job).Of([new BindingFault(JobModels.PathOf(job), fault.Message)]);
        }
        catch (PostgresException unmigrated) when (unmigrated.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            return new JobPlaces(job).Of([new BindingFault(JobModels.PathOf(job), "the database has no registered models yet: run `batchscorer db migrate`")]);
        }
    }

    /// <summary>Checks a job against a model, which may be another than its own.</summary>
    public static async Task<IReadOnlyList<FileFault>> CheckAsync(Job job, ModelSchema model, Database? database, CancellationToken cancellationToken) =>
        new JobPlaces(job).Of(await FindAsync(job, model, database, cancellationToken));

    /// <summary>Holds a sample of a job's source against the rows that a model was made with.</summary>
    /// <param name="job">The job, which fits the model.</param>
    /// <param name="model">What the model reads and answers.</param>
    /// <param name="modelSha256">SHA-256 of the model's file.</param>
    /// <param name="database">Has the source and what is known of the model.</param>
    public static async Task<IReadOnlyList<FileFault>> CheckSampleAsync(Job job, ModelSchema model, string modelSha256, Database database, CancellationToken cancellationToken)
    {
        var query = job.QueryFile is null ? null : JobPreparation.ReadQuery(job.QueryFile);
        var description = await JobPreparation.DescribeAsync(database.Readers, job.Definition, query, cancellationToken);
        var places = new JobPlaces(job);
        var (source, _) = new JobBinding(job.Definition, model, description).TryBind(out var faults) ?? throw places.Refuse(faults);
        return places.Of(await SourceSample.FindMisfitsAsync(database, job.Definition, modelSha256, source, new CursorRange(null, null), cancellationToken));
    }

    private static async Task<IReadOnlyList<BindingFault>> FindAsync(Job job, ModelSchema model, Database? database, CancellationToken cancellationToken)
    {
        SourceDescription source;
        try
        {
            var query = job.QueryFile is null ? null : JobPreparation.ReadQuery(job.QueryFile);
            if (database is null)
                return JobBinding.FindModelFaults(job.Definition, model);
            source = await JobPreparation.DescribeAsync(database.Readers, job.Definition, query, cancellationToken);
        }
        catch (BatchScorerException fault)
        {
            return [new BindingFault(JobPreparation.SourcePath(job), fault.Message), .. JobBinding.FindModelFaults(job.Definition, model)];
        }

        var bound = new JobBinding(job.Definition, model, source).TryBind(out var found);
        if (bound is { Predictions: var predictions } && await FindMisfitAsync(database, predictions, cancellationToken) is { } misfit)
            found = [.. found, new BindingFault("outputs", misfit)];
        if (bound is { Predictions: var layout })
            found = [.. found, .. await LabelSource.FindFaultsAsync(database.Readers, job, layout, cancellationToken)];
        var asked = new[]
        {
            await JobPreparation.FindFilterFaultAsync(database.Readers, job.Definition, source, cancellationToken),
            await SourceFreshnessCheck.FindFaultAsync(database.Readers, job, cancellationToken),
        };
        return [.. found, .. asked.OfType<BindingFault>()];
    }

    private static async Task<string?> FindMisfitAsync(Database database, PredictionLayout predictions, CancellationToken cancellationToken)
    {
        await using var connection = await database.Readers.OpenConnectionAsync(cancellationToken);
        return await PredictionsTable.FindMisfitAsync(connection, predictions, cancellationToken);
    }
}
