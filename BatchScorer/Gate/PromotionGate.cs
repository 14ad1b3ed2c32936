using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Jobs.Json;
using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Registry;
using BatchScorer.Runs.Watching;

namespace BatchScorer.Gate;

/// <summary>Whether a version of a model may be put in use: it has to score its golden rows, fit every job that will use it, and have been made with rows like theirs.</summary>
internal sealed class PromotionGate(Database database, ModelRegistry registry)
{
    /// <summary>The jobs that score with whichever version of a model is in use.</summary>
    public static IReadOnlyList<Job> JobsOf(string model, JobCatalog jobs) =>
        [.. jobs.Jobs.Where(job => job.Definition.Model.Reference() is { IsChampion: true } reference && reference.Name == model)];

    /// <summary>Checks a version, with the engines that the jobs ask for.</summary>
    /// <exception cref="BatchScorerException">It may not be put in use; the message has a line for each reason.</exception>
    public async Task CheckAsync(RegisteredModel candidate, IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        var file = await registry.FetchAsync(candidate, cancellationToken);
        var (faults, misfits) = (new List<FileFault>(), new List<FileFault>());
        foreach (var engine in jobs.Select(job => job.Definition.Model.Engine).DefaultIfEmpty(EngineChoice.Auto).Distinct())
        {
            using var model = await registry.LoadAsync(candidate, file, engine, cancellationToken);
            foreach (var job in jobs.Where(job => job.Definition.Model.Engine == engine))
            {
                var found = await JobCheck.CheckAsync(job, model.Schema, database, cancellationToken);
                faults.AddRange(found);
                if (found.Count == 0)
                    misfits.AddRange(await JobCheck.CheckSampleAsync(job, model.Schema, candidate.Sha256, database, cancellationToken));
            }
        }

        if (faults.Count > 0)
            throw new BatchScorerException(ExitCode.BadConfiguration, string.Join('\n', [.. faults, $"{candidate.Reference()} is not put in use: {Jobs(faults)} would fail with it."]));
        if (misfits.Count > 0)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration,
                string.Join('\n', [.. misfits, $"{candidate.Reference()} is not put in use: the source of {Jobs(misfits)} is not like the rows that it was made with. {SourceSample.Remedy}"]));
        }
    }

    private static string Jobs(IEnumerable<FileFault> faults) =>
        $"job {string.Join(" and ", faults.Select(fault => Path.GetFileNameWithoutExtension(fault.File)).Distinct())}";
}
