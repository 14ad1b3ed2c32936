using BatchScorer.Errors;
using BatchScorer.Exchange;
using BatchScorer.Exchange.Scoring;
using BatchScorer.Gate;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Registry;
using BatchScorer.Registry.Golden;
using BatchScorer.Wording;

namespace BatchScorer.Training;

/// <summary>Takes in what was trained: a model that its job could not use is not registered, and one that another job could not use is not promoted.</summary>
internal sealed class TrainedModels(Database database, ModelRegistry registry, ModelRegistration registration, ModelPromotions promotions, PromotionGate gate)
{
    /// <summary>Registers the model in a training's folder.</summary>
    /// <param name="job">The job that was trained for.</param>
    /// <param name="reference">The version.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="rows">How many rows it was trained on.</param>
    /// <returns>SHA-256 of the file, and how many golden rows came with it.</returns>
    /// <exception cref="BatchScorerException">The file is no model, the job would fail with it, or golden rows say otherwise.</exception>
    public async Task<(string Sha256, int GoldenRows)> RegisterAsync(
        Job job, ModelReference reference, TrainingFolder folder, long rows, CancellationToken cancellationToken)
    {
        var file = ModelFile.Read(folder.Model);
        using var model = ModelLoader.Load(file, job.Definition.Model.Engine);
        if (await JobCheck.CheckAsync(job, model.Schema, database, cancellationToken) is { Count: > 0 } faults)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration,
                string.Join('\n', [.. faults, $"The model that was trained is not registered: job {job.Name} would fail with it. It has to read and answer what the one in use does, or else the job's file has to say otherwise."]));
        }

        GoldenRows? golden = null;
        if (File.Exists(folder.Golden))
            (golden, _) = await GoldenFile.ScoreAsync(folder.Golden, model, new Dictionary<string, string>(), cancellationToken);
        var trainedOn = await new ReferenceProfiler(model, new Dictionary<string, string>()).ProfileFileAsync(folder.Data, new Progress<TransferProgress>(), cancellationToken);
        await registration.RegisterAsync(reference, file, model, golden, trainedOn, $"trained by job {job.Name} on {Readable.Count(rows)} rows", cancellationToken);
        return (file.Sha256, golden?.Rows ?? 0);
    }

    /// <summary>Puts a version in use, through the same gate as everybody's.</summary>
    /// <param name="reference">The version.</param>
    /// <param name="last">The promotion that held when training began: who has promoted or rolled back since knows better.</param>
    /// <param name="jobs">All jobs.</param>
    /// <exception cref="BatchScorerException">A job would fail with it, or somebody has promoted another one.</exception>
    public async Task PromoteAsync(ModelReference reference, Promotion? last, JobCatalog jobs, CancellationToken cancellationToken)
    {
        var model = await registry.FindAsync(reference, ExitCode.Failed, cancellationToken);
        await gate.CheckAsync(model, PromotionGate.JobsOf(model.Name, jobs), cancellationToken);
        await promotions.PromoteAsync(reference, last, Promotion.Promote, cancellationToken);
    }

    /// <summary>The promotion that holds at this moment; null while there is none.</summary>
    public Task<Promotion?> LastPromotionAsync(string name, CancellationToken cancellationToken) => promotions.LastAsync(name, cancellationToken);
}
