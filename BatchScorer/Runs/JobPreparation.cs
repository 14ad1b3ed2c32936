using System.Text;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Jobs.Json;
using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Registry;
using BatchScorer.Runs.Challengers;
using BatchScorer.Sources;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>Brings a job, its model and its source together.</summary>
internal static class JobPreparation
{
    /// <summary>Reads the job's files as they are now.</summary>
    /// <exception cref="BatchScorerException">A file, the model or the source will not do.</exception>
    /// <remarks>A model that the job names is resolved here, once for a run, and scores its golden rows before anything is written.</remarks>
    public static async Task<PlannedJob> PrepareAsync(Database database, ModelRegistry registry, Job job, CancellationToken cancellationToken)
    {
        var places = new JobPlaces(job);
        var (file, model, version) = await places.AtAsync(JobModels.PathOf(job), () => JobModels.LoadAsync(registry, job, cancellationToken));
        try
        {
            var (query, description) = await places.AtAsync(SourcePath(job), () => ReadSourceAsync(database.Readers, job, cancellationToken));
            using var candidate = await ChallengerCandidate.LoadAsync(registry, job.Definition, file.Sha256, cancellationToken);
            var (source, predictions) = new JobBinding(job.Definition, model.Schema, description, candidate?.InputNames(job.Definition)).TryBind(out var faults) ?? throw places.Refuse(faults);
            if (await FindFilterFaultAsync(database.Readers, job.Definition, description, cancellationToken) is { } fault)
                throw places.Refuse([fault]);
            var challenger = candidate?.TryBind(job.Definition, description, predictions, out faults);
            if (challenger is not null)
                source = source.Reading(challenger.Columns);
            var manifest = new Manifest
            {
                Job = job.Definition,
                Model = new ManifestModel
                {
                    Name = version.Name,
                    Version = version.Version,
                    Sha256 = file.Sha256,
                    Engine = model.Engine,
                },
                Source = new ManifestSource
                {
                    Query = query,
                    Inputs = source.Inputs.ToDictionary(mapping => mapping.Input.Name, mapping => mapping.Column.Name),
                    Columns = source.Columns.ToDictionary(column => column.Name, column => column.SqlType),
                },
                Challenger = challenger?.Frozen,
            };
            return new PlannedJob(manifest, file, model, source, predictions, description.IsTable)
            {
                Challenger = challenger,
                ChallengerFault = Sentence(faults),
            };
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Takes a job up as it was frozen, for runs that are still to be planned.</summary>
    /// <exception cref="BatchScorerException">The model's bytes are gone, or the source no longer fits.</exception>
    public static async Task<PlannedJob> PrepareAsync(Database database, Manifest frozen, CancellationToken cancellationToken)
    {
        var file = await FrozenModels.ReadAsync(database.Writers, frozen.Model, cancellationToken);
        var model = ModelLoader.Load(file, frozen.Job.Model.Engine);
        try
        {
            var job = frozen.Job with { Inputs = frozen.Source.Inputs };
            var description = await DescribeAsync(database.Readers, job, frozen.Source.Query, cancellationToken);
            var (source, predictions) = new JobBinding(job, model.Schema, description).TryBind(out var faults) ?? throw Unfit($"Job {job.Name} as it was frozen", faults);
            return new PlannedJob(frozen, file, model, source, predictions, description.IsTable);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Takes a planned run up again, by what it froze and nothing else.</summary>
    /// <exception cref="BatchScorerException">The model's bytes are gone, or the source's table no longer fits.</exception>
    public static async Task<PreparedRun> PrepareAsync(Database database, Run run, CancellationToken cancellationToken)
    {
        var file = await FrozenModels.ReadAsync(database.Writers, run.Manifest.Model, cancellationToken);
        var model = ModelLoader.Load(file, run.Manifest.Job.Model.Engine);
        try
        {
            await using var connection = await database.Readers.OpenConnectionAsync(cancellationToken);
            var staged = run.Manifest.Source.StagedTable;
            var description = await SourceCatalog.DescribeTableAsync(
                connection, staged is null ? run.Manifest.Job.Source.Table! : new QualifiedName("scoring", staged), cancellationToken);
            var frozen = run.Manifest.Job with { Inputs = run.Manifest.Source.Inputs };
            var (source, predictions) = new JobBinding(frozen, model.Schema, description).TryBind(out var faults) ?? throw Unfit($"Run {run.Id} of job {run.Job} as it was planned", faults);
            using var candidate = await ChallengerCandidate.LoadAsync(database, run.Manifest, cancellationToken);
            var challenger = candidate?.TryBind(frozen with { Inputs = run.Manifest.Challenger!.Inputs }, description, predictions, out faults);
            if (challenger is not null)
                source = source.Reading(challenger.Columns);
            return new PreparedRun(run, staged is null ? source : source with { Filter = null }, predictions, model)
            {
                Challenger = challenger,
                ChallengerFault = Sentence(faults),
            };
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The property that names the job's source.</summary>
    public static string SourcePath(Job job) => job.QueryFile is null ? "source.table" : "source.query";

    /// <summary>Asks the catalogue about the job's table or query.</summary>
    public static async Task<SourceDescription> DescribeAsync(NpgsqlDataSource readers, JobDefinition job, string? query, CancellationToken cancellationToken)
    {
        await using var connection = await readers.OpenConnectionAsync(cancellationToken);
        return query is null
            ? await SourceCatalog.DescribeTableAsync(connection, job.Source.Table!, cancellationToken)
            : await SourceCatalog.DescribeQueryAsync(connection, job.Source.Query!, query, cancellationToken);
    }

    /// <summary>Asks the database about the job's filter.</summary>
    /// <returns>What is wrong with it; null where nothing is, or there is none.</returns>
    public static async Task<BindingFault?> FindFilterFaultAsync(
        NpgsqlDataSource readers, JobDefinition job, SourceDescription source, CancellationToken cancellationToken)
    {
        if (job.Source.Filter is not { } filter)
            return null;
        await using var connection = await readers.OpenConnectionAsync(cancellationToken);
        return await SourceFilter.FindFaultAsync(connection, source, filter, cancellationToken) is { } fault
            ? new BindingFault("source.filter", fault)
            : null;
    }

    private static async Task<(string? Query, SourceDescription Description)> ReadSourceAsync(NpgsqlDataSource readers, Job job, CancellationToken cancellationToken)
    {
        var query = job.QueryFile is null ? null : ReadQuery(job.QueryFile);
        return (query, await DescribeAsync(readers, job.Definition, query, cancellationToken));
    }

    private static string? Sentence(IReadOnlyList<BindingFault> faults) => faults.Count == 0 ? null : string.Join("; ", faults.Select(fault => fault.Message));

    // The job file may say something else by now.
    private static BatchScorerException Unfit(string frozen, IReadOnlyList<BindingFault> faults) =>
        new(ExitCode.BadConfiguration, string.Join('\n', faults.Select(fault => $"{frozen}: {fault.Path}: {fault.Message}")));

    /// <summary>The text of a query file, without the semicolon at its end.</summary>
    /// <exception cref="BatchScorerException">The file cannot be read, or is no text.</exception>
    public static string ReadQuery(string file)
    {
        var faults = new FaultList(Path.GetFileName(file));
        return FileText.Read(file, "one SELECT", faults) is { } text
            ? Encoding.UTF8.GetString(text.Span).TrimEnd().TrimEnd(';')
            : throw new BatchScorerException(ExitCode.BadConfiguration, string.Join('\n', faults.InOrder));
    }
}
