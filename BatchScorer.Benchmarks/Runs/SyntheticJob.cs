using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Registry;
using BatchScorer.Registry.Stores;
using BatchScorer.Runs;
using BatchScorer.Sources;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchScorer.Benchmarks.Runs;

/// <summary>A job over the synthetic table.</summary>
/// <param name="database">Where the table is.</param>
/// <param name="name">The job's name.</param>
/// <param name="model">The file of its model.</param>
/// <param name="engine">What scores.</param>
internal sealed class SyntheticJob(Database database, string name, string model, EngineChoice engine = EngineChoice.Auto)
{
    /// <summary>What is watched of its runs: nothing, unless its cost is what is measured.</summary>
    public JobWatch Watch { get; init; } = new() { Profile = false };

    private Job Job => new(
        new JobDefinition { Name = name, Source = SyntheticTable.Source, Model = new JobModel { Path = model, Engine = engine }, Watch = Watch }, $"{name}.json", model, QueryFile: null);

    // The model is a file, so no store is ever asked.
    private readonly ModelRegistry registry = new(new ModelCatalog(database.Writers), new StoredModels(new FolderStore("models"), "cache", NullLogger<StoredModels>.Instance));

    /// <summary>Makes the job's tables.</summary>
    /// <returns>What it reads, and the table it writes to.</returns>
    public async Task<(SourceLayout Source, PredictionLayout Predictions)> ApplyAsync(CancellationToken cancellationToken)
    {
        var planned = await JobPreparation.PrepareAsync(database, registry, Job, cancellationToken);
        using var loaded = planned.Model;
        await JobTables.ApplyAsync(database, planned, cancellationToken);
        return (planned.Source, planned.Predictions);
    }

    /// <summary>Runs the job, from planning to publishing.</summary>
    /// <returns>The run's number.</returns>
    public async Task<long> RunAsync(int partitions, CancellationToken cancellationToken)
    {
        var worker = new RunWorker(database, new RunCloser(database, NullLogger<RunCloser>.Instance), new RunCancellation(database), NullLogger<RunWorker>.Instance);
        var runner = new JobRunner(database, registry, new RunPlanner(database, TimeProvider.System, NullLogger<RunPlanner>.Instance), worker);
        var (runId, end) = await runner.RunAsync(Job, new RunRequest(Trigger.Manual), partitions, new Progress<RunProgress>(), cancellationToken);
        return end.Error is null ? runId : throw new BatchScorerException(end.ExitCode, end.Error);
    }

    /// <summary>Removes the job's table and all that the ledger knows, of other jobs too.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            $"""
            DROP TABLE {PredictionLayout.TableOf(name)} CASCADE;
            DELETE FROM scoring.run_publications;
            DELETE FROM scoring.chunk_attempts;
            DELETE FROM scoring.chunks;
            DELETE FROM scoring.runs;
            DELETE FROM scoring.jobs
            """, cancellationToken: cancellationToken));
    }
}
