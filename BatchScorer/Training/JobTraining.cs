using System.Globalization;
using BatchScorer.Errors;
using BatchScorer.Exchange;
using BatchScorer.Exchange.Csv;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Registry;
using BatchScorer.Training.Commands;
using BatchScorer.Training.Data;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Training;

/// <summary>Trains a job's model anew on what is known of its predictions, and registers what comes of it.</summary>
internal sealed class JobTraining(TrainingStore store, TrainingData data, TrainedModels models, ModelCatalog catalog, TimeProvider time, ILogger<JobTraining> logger)
{
    /// <summary>Writes the data set, has it trained on, and registers the model; promotes it where the job allows that.</summary>
    /// <param name="job">The job.</param>
    /// <param name="request">Why, and on what.</param>
    /// <param name="jobs">All jobs: each that uses the model has a say in its promotion.</param>
    /// <param name="lines">Told what the trainer says, line by line.</param>
    /// <returns>Null where the request's slot has had its training.</returns>
    /// <exception cref="BatchScorerException">It failed, or the job is being trained elsewhere.</exception>
    public async Task<TrainedModel?> TrainAsync(Job job, TrainingRequest request, JobCatalog jobs, IProgress<string> lines, CancellationToken cancellationToken)
    {
        var trainer = TrainerOf(job, request);
        var reference = await VersionAsync(job, request, cancellationToken);
        await using var alone = await store.TryLockAsync(job.Name, cancellationToken) ?? throw new BatchScorerException(ExitCode.UnderWayElsewhere,
            $"Job \"{job.Name}\" is being trained already: see `batchscorer trainings list --job {job.Name}`, and wait for its end.");
        if (await store.TryBeginAsync(job.Name, request, cancellationToken) is not { } id)
            return null;
        var isRegistered = false;
        try
        {
            var last = await models.LastPromotionAsync(reference.Name, cancellationToken);
            using var folder = new TrainingFolder(logger);
            var examples = await WriteAsync(job, request.Range, folder, cancellationToken);
            await store.NoteAsync(id, examples, cancellationToken);
            if (examples.Rows == 0)
                throw NothingKnown(job, examples);
            TrainingLogs.Begun(logger, job.Name, id, examples.Rows);
            await trainer.TrainAsync(job, examples, folder, lines, cancellationToken);
            var (sha256, goldenRows) = await models.RegisterAsync(job, reference, folder, examples.Rows, cancellationToken);
            await store.NoteAsync(id, reference, sha256, cancellationToken);
            isRegistered = true;
            var promotes = job.Definition.Retrain is { Promote: true };
            if (promotes)
                await models.PromoteAsync(reference, last, jobs, cancellationToken);
            await EndAsync(job, id, reference, promotes ? "promoted" : "registered");
            return new TrainedModel(id, reference.Name, reference.Version, sha256, goldenRows, promotes, examples);
        }
        catch (Exception fault)
        {
            var stopped = fault is OperationCanceledException;
            await store.EndAsync(id, isRegistered ? "registered" : stopped ? "cancelled" : "failed", stopped ? null : fault.Message);
            throw;
        }
    }

    private async Task EndAsync(Job job, long id, ModelReference reference, string state)
    {
        await store.EndAsync(id, state, error: null);
        TrainingLogs.Done(logger, job.Name, id, reference, state);
    }

    private Task<DataSet> WriteAsync(Job job, LabelRange range, TrainingFolder folder, CancellationToken cancellationToken) => OutputFile.TellingAsync(async () =>
    {
        await using var file = File.Create(folder.Data);
        return await data.WriteAsync(job, range, file, new Progress<TransferProgress>(), cancellationToken);
    });

    private ITrainer TrainerOf(Job job, TrainingRequest request) => job.Definition.Retrain switch
    {
        var retrain when (request.With ?? retrain?.With) is not null => MLNetTraining.IsBuiltIn ? new FastTreeTrainer() : throw MLNetTraining.Missing(),
        { } retrain => new CommandTrainer(retrain, time, logger),
        null => throw new BatchScorerException(ExitCode.BadConfiguration,
            $"Job \"{job.Name}\" does not say what trains its model: name it in {Path.GetFileName(job.File)}, \"retrain\": {{ \"command\": [\"python3\", \"train.py\"] }}, as docs/retraining.md tells, "
            + $"or run `batchscorer train {job.Name} --with fasttree`. `batchscorer train {job.Name} --out data.csv` writes the data set alone."),
    };

    private async Task<ModelReference> VersionAsync(Job job, TrainingRequest request, CancellationToken cancellationToken)
    {
        var name = job.Definition.Model.Name ?? throw new BatchScorerException(ExitCode.BadConfiguration,
            $"What is trained becomes a version of a registered model, and job \"{job.Name}\" names a file: name a registered model in {Path.GetFileName(job.File)}, \"model\": {{ \"name\": \"…\" }}, as docs/model-versions.md tells.");
        var reference = new ModelReference(name, request.Version ?? time.GetUtcNow().ToString("yyyy-MM-dd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        return await catalog.FindAsync(reference.Name, reference.Version, cancellationToken) is null
            ? reference
            : throw new BatchScorerException(ExitCode.Usage, $"{reference} is registered already, and a version never changes: choose another one.");
    }

    private static BatchScorerException NothingKnown(Job job, DataSet data) => new(ExitCode.Failed, data.Labelled == 0
        ? $"Job \"{job.Name}\" has no prediction of which it is known what happened, so there is nothing to train on: see `batchscorer quality {job.Name}`."
        : $"Of {data.Labelled:N0} labelled predictions of job \"{job.Name}\" none can be trained on: their source rows have changed or gone since they were scored. `batchscorer train {job.Name} --out data.csv` says how many.");
}
