using BatchScorer.Benchmarks.Runs;
using BatchScorer.Models;
using BatchScorer.Predictions;
using BatchScorer.Runs;
using BatchScorer.Sources;
using Dapper;

namespace BatchScorer.Benchmarks.Contenders;

/// <summary>A run of a job, from planning to publishing.</summary>
/// <param name="arena">Where.</param>
/// <param name="model">The file of its model.</param>
/// <param name="engine">What scores.</param>
internal sealed class JobContender(Arena arena, string model, EngineChoice engine) : IContender
{
    // Contenders take turns: one name does for all of them.
    private const string Name = "contender";

    private readonly SyntheticJob job = new(arena.Database, Name, model, engine);

    /// <summary>What the job reads; known once it has been prepared.</summary>
    public SourceLayout Source { get; private set; } = null!;

    /// <summary>The job's predictions table; known once it has been prepared.</summary>
    public PredictionLayout Predictions { get; private set; } = null!;

    public async Task PrepareAsync(CancellationToken cancellationToken) => (Source, Predictions) = await job.ApplyAsync(cancellationToken);

    /// <summary>Makes the job's tables, and the partition that today's predictions go to, as planning a run does.</summary>
    public async Task PrepareForTodayAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        await using var connection = await arena.Database.Writers.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT scoring.ensure_predictions_partition(@job, @today::date)",
            new { job = Name, today = RunStore.Day(DateTimeOffset.UtcNow) }, cancellationToken: cancellationToken));
    }

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var runId = await job.RunAsync(arena.Partitions, cancellationToken);
        return (await new RunCatalog(arena.Database).ReadAsync(runId, cancellationToken)).RowsScored;
    }

    public Task CleanAsync(CancellationToken cancellationToken) => job.RemoveAsync(cancellationToken);
}
