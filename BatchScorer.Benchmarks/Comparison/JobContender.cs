using BatchScorer.Benchmarks.Runs;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Predictions;
using BatchScorer.Runs;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchScorer.Benchmarks.Comparison;

/// <summary>A run of a job, from planning to publishing.</summary>
/// <param name="arena">Where.</param>
/// <param name="name">What it is called in the report.</param>
/// <param name="jobName">The job's name.</param>
/// <param name="model">The file of its model.</param>
/// <param name="engine">What scores.</param>
internal sealed class JobContender(Arena arena, string name, string jobName, string model, EngineChoice engine) : IContender
{
    public string Name => name;

    /// <summary>The job's predictions table; known once it has been prepared.</summary>
    public PredictionLayout Layout { get; private set; } = null!;

    private Job Job { get; } = new(
        new JobDefinition
        {
            Name = jobName,
            Source = SyntheticTable.Source,
            Model = new JobModel { Path = model, Engine = engine },
            Work = new JobWork { ChunkRows = Arena.ChunkRows },
        },
        $"{jobName}.json", model, QueryFile: null);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var planned = await JobPreparation.PrepareAsync(arena.Database, Job, cancellationToken);
        using var loaded = planned.Model;
        Layout = planned.Predictions;
        await JobTables.ApplyAsync(arena.Database, planned, cancellationToken);
    }

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var database = arena.Database;
        var worker = new RunWorker(database, new RunCloser(database, NullLogger<RunCloser>.Instance), new RunCancellation(database), NullLogger<RunWorker>.Instance);
        var runner = new JobRunner(database, new RunPlanner(database, TimeProvider.System, NullLogger<RunPlanner>.Instance), worker);
        var (runId, end) = await runner.RunAsync(Job, new RunRequest(Trigger.Manual), arena.Partitions, new Progress<RunProgress>(), cancellationToken);
        return end.Error is null ? (await new RunCatalog(database).ReadAsync(runId, cancellationToken)).RowsScored : throw new BatchScorerException(end.ExitCode, end.Error);
    }

    public async Task CleanAsync(CancellationToken cancellationToken)
    {
        await using var connection = await arena.Database.Writers.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            $"""
            DROP TABLE {Layout.Table} CASCADE;
            DELETE FROM scoring.run_publications;
            DELETE FROM scoring.chunk_attempts;
            DELETE FROM scoring.chunks;
            DELETE FROM scoring.runs;
            DELETE FROM scoring.jobs
            """, cancellationToken: cancellationToken));
    }
}
