using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Jobs.Json;
using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Quality.Labels;
using BatchScorer.Registry;
using BatchScorer.Runs;
using BatchScorer.Runs.Challengers;
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
            var (file, model, _) = await JobModels.LoadAsync(registry!, job, cancellationToken);
            using var loaded = model;
            using var challenger = registry is null ? null : await ChallengerCandidate.LoadAsync(registry, job.Definition, file.Sha256, cancellationToken);
            return new JobPlaces(job).Of(await FindAsync(job, model.Schema, database, challenger, cancellationToken));
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
        new JobPlaces(job).Of(await FindAsync(job, model, database, challenger: null, cancellationToken));

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
        var (source, _) = new JobBinding(job.Definition, model, description, NamesOfOthers(job.Definition, challenger: null)).TryBind(out var faults) ?? throw places.Refuse(faults);
        return places.Of(await SourceSample.FindMisfitsAsync(database, job.Definition, modelSha256, source, new CursorRange(null, null), cancellationToken));
    }

    private static async Task<IReadOnlyList<BindingFault>> FindAsync(Job job, ModelSchema model, Database? database, ChallengerCandidate? challenger, CancellationToken cancellationToken)
    {
        var others = NamesOfOthers(job.Definition, challenger);
        SourceDescription source;
        try
        {
            var query = job.QueryFile is null ? null : JobPreparation.ReadQuery(job.QueryFile);
            if (database is null)
                return JobBinding.FindModelFaults(job.Definition, model, others);
            source = await JobPreparation.DescribeAsync(database.Readers, job.Definition, query, cancellationToken);
        }
        catch (BatchScorerException fault)
        {
            return [new BindingFault(JobPreparation.SourcePath(job), fault.Message), .. JobBinding.FindModelFaults(job.Definition, model, others)];
        }

        var bound = new JobBinding(job.Definition, model, source, others).TryBind(out var found);
        if (bound is { Predictions: var predictions } && await FindMisfitAsync(database, predictions, cancellationToken) is { } misfit)
            found = [.. found, new BindingFault("outputs", misfit)];
        if (bound is { Predictions: var layout })
            found = [.. found, .. await LabelSource.FindFaultsAsync(database.Readers, job, layout, cancellationToken)];
        if (bound is { Predictions: var answers } && challenger is not null)
            found = [.. found, .. await FindFaultsAsync(job, challenger, source, answers, database, cancellationToken)];
        var asked = new[]
        {
            await JobPreparation.FindFilterFaultAsync(database.Readers, job.Definition, source, cancellationToken),
            await SourceFreshnessCheck.FindFaultAsync(database.Readers, job, cancellationToken),
        };
        return [.. found, .. asked.OfType<BindingFault>()];
    }

    /// <summary>Names of inputs that may be the challenger's: what cannot be asked of it is not held against the job.</summary>
    private static IReadOnlyCollection<string>? NamesOfOthers(JobDefinition job, ChallengerCandidate? challenger) =>
        job.Challenger is null ? null : challenger?.InputNames(job) ?? [.. job.Inputs.Keys];

    private static async Task<IReadOnlyList<BindingFault>> FindFaultsAsync(
        Job job, ChallengerCandidate candidate, SourceDescription source, PredictionLayout predictions, Database database, CancellationToken cancellationToken)
    {
        using var model = candidate.TryBind(job.Definition, source, predictions, out var faults)?.Model;
        return await FindMisfitAsync(database, predictions.OfChallenger(), cancellationToken) is { } misfit ? [.. faults, new BindingFault(ChallengerBinding.Path, misfit)] : faults;
    }

    private static async Task<string?> FindMisfitAsync(Database database, PredictionLayout predictions, CancellationToken cancellationToken)
    {
        await using var connection = await database.Readers.OpenConnectionAsync(cancellationToken);
        return await PredictionsTable.FindMisfitAsync(connection, predictions, cancellationToken);
    }
}
