using BatchScorer.Errors;
using BatchScorer.Postgres;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>What people do with runs besides working on them.</summary>
internal sealed class RunControl(Database database)
{
    private static readonly string[] Open = ["planned", "running", "failed", "cancelled"];

    private const string LockRun =
        """
        SELECT job, state, continuing, window_from, manifest->'source'->>'stagedTable' AS staged_table
        FROM scoring.runs WHERE run_id = @runId FOR NO KEY UPDATE
        """;

    // Who works on a chunk holds its lock. Those that are locked here can be claimed by nobody else, and once failed never are.
    private const string LockChunks = "SELECT FROM scoring.chunks WHERE run_id = @runId AND state <> 'done' FOR NO KEY UPDATE NOWAIT";

    private const string CloseChunks =
        "UPDATE scoring.chunks SET state = 'failed', error = coalesce(error, 'the run was abandoned') WHERE run_id = @runId AND state <> 'done'";

    // What an open run's error advises works no longer; the chunks know the cause.
    private const string CloseRun =
        """
        UPDATE scoring.runs
        SET state = 'abandoned', finished_at = clock_timestamp(), error = 'abandoned on request' || coalesce(
            '; before, it had failed: ' || (SELECT error FROM scoring.chunks WHERE run_id = @runId AND state = 'failed' ORDER BY chunk_no LIMIT 1), '')
        WHERE run_id = @runId
        """;

    private const string GiveBack = "UPDATE scoring.jobs SET next_from = @windowFrom WHERE name = @job";

    /// <summary>Gives an open run up for good and its window back: the job's next run starts where this one did.</summary>
    /// <exception cref="BatchScorerException">There is no such run, it is not open, or somebody works on it.</exception>
    public async Task AbandonAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var run = await connection.QuerySingleOrDefaultAsync<OpenRun>(new CommandDefinition(LockRun, new { runId }, cancellationToken: cancellationToken))
            ?? throw new BatchScorerException(ExitCode.Usage, $"There is no run {runId}: `batchscorer runs list` shows those there are.");
        if (!Open.Contains(run.State))
        {
            throw new BatchScorerException(ExitCode.Usage,
                $"Run {runId} of job {run.Job} is {run.State}, expected one that is {string.Join(", ", Open[..^1])} or {Open[^1]}: nothing of it can be given back.");
        }

        await LockChunksAsync(connection, runId, run.Job, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition($"{CloseRun}; {CloseChunks}", new { runId }, cancellationToken: cancellationToken));
        if (run.Continuing)
            await connection.ExecuteAsync(new CommandDefinition(GiveBack, new { run.WindowFrom, run.Job }, cancellationToken: cancellationToken));
        if (run.StagedTable is { } staged)
            await connection.ExecuteAsync(new CommandDefinition($"DROP TABLE IF EXISTS {SourceStaging.Quoted(staged)}", cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task LockChunksAsync(NpgsqlConnection connection, long runId, string job, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(LockChunks, new { runId }, cancellationToken: cancellationToken));
        }
        catch (PostgresException fault) when (fault.SqlState is PostgresErrorCodes.LockNotAvailable)
        {
            throw new BatchScorerException(ExitCode.UnderWayElsewhere,
                $"Run {runId} of job {job} is under way elsewhere: stop whoever works on it (`batchscorer runs show {runId}` names the host), then abandon it.", fault);
        }
    }

    private sealed record OpenRun(string Job, string State, bool Continuing, string? WindowFrom, string? StagedTable);
}
