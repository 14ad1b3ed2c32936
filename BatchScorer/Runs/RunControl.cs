using BatchScorer.Errors;
using BatchScorer.Postgres;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>What people do with runs besides working on them.</summary>
internal sealed class RunControl(Database database)
{
    // Publishing a job's runs waits for its lock: whoever stands still with it is cut off.
    private static readonly TimeSpan MostIdle = TimeSpan.FromSeconds(30);

    private const string Held = "succeeded";

    private static readonly string[] Open = ["planned", "running", "failed", "cancelled"];

    private const string LockRun =
        """
        SELECT job, state, continuing, window_from, manifest->'source'->>'stagedTable' IS NOT NULL AS is_staged
        FROM scoring.runs WHERE run_id = @runId FOR NO KEY UPDATE
        """;

    // Who works on a chunk holds its lock. Those that are locked here can be claimed by nobody else, and once failed never are.
    private const string LockChunks = "SELECT FROM scoring.chunks WHERE run_id = @runId AND state <> 'done' FOR NO KEY UPDATE NOWAIT";

    private const string CloseChunks =
        "UPDATE scoring.chunks SET state = 'failed', error = coalesce(error, 'the run was abandoned') WHERE run_id = @runId AND state <> 'done'";

    // Nobody will put them together.
    private const string ForgetProfiles = "DELETE FROM scoring.chunk_profiles WHERE run_id = @runId";

    // What an open run's error advises works no longer; the chunks know the cause.
    private const string CloseRun =
        """
        UPDATE scoring.runs
        SET state = 'abandoned', finished_at = clock_timestamp(), error = 'abandoned on request' || coalesce(
            '; before, it had failed: ' || (SELECT error FROM scoring.chunks WHERE run_id = @runId AND state = 'failed' ORDER BY chunk_no LIMIT 1),
            CASE WHEN state = 'succeeded' THEN '; before, it was held: ' || held_reason END, '')
        WHERE run_id = @runId
        """;

    private const string SetState = "UPDATE scoring.runs SET state = @state WHERE run_id = @runId";

    private const string IsWhole = "SELECT scoring.predictions_are_kept(@runId)";

    private const string GiveBack = "UPDATE scoring.jobs SET next_from = @windowFrom WHERE name = @job";

    /// <summary>Gives an open run up for good and its window back: the job's next run starts where this one did.</summary>
    /// <exception cref="BatchScorerException">There is no such run, it is neither open nor held, or somebody works on it.</exception>
    public async Task AbandonAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var run = await LockRunAsync(connection, runId, cancellationToken);
        if (!Open.Contains(run.State) && run.State is not Held)
        {
            throw new BatchScorerException(ExitCode.Usage,
                $"Run {runId} of job {run.Job} is {run.State}, expected one that is {string.Join(", ", Open)} or held: nothing of it can be given back.");
        }

        await LockChunksAsync(connection, runId, run.Job, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition($"{CloseRun}; {CloseChunks}; {ForgetProfiles}", new { runId }, cancellationToken: cancellationToken));
        if (run.Continuing)
            await connection.ExecuteAsync(new CommandDefinition(GiveBack, new { run.WindowFrom, run.Job }, cancellationToken: cancellationToken));
        if (run.IsStaged)
            await SourceStaging.DropAsync(connection, runId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Takes a published run's predictions out of what readers see. The job's cursor stays where it is, and their rows count as scored.</summary>
    /// <returns>False when the run was withdrawn already.</returns>
    /// <exception cref="BatchScorerException">There is no such run, or it has never been published.</exception>
    public Task<bool> WithdrawAsync(long runId, CancellationToken cancellationToken) =>
        ChangeAsync(runId, from: ["published"], to: "withdrawn", (connection, run, token) => RunPublication.HideAsync(connection, runId, run.Job, token), cancellationToken);

    /// <summary>Shows the predictions of a run that is held, or again those of one that was withdrawn.</summary>
    /// <returns>False when the run was published already.</returns>
    /// <exception cref="BatchScorerException">There is no such run, it is not done, or its predictions have gone.</exception>
    public Task<bool> PublishAsync(long runId, CancellationToken cancellationToken) =>
        ChangeAsync(runId, from: ["withdrawn", Held], to: "published", (connection, run, token) => ShowWholeAsync(connection, runId, run, token), cancellationToken);

    private static async Task ShowWholeAsync(NpgsqlConnection connection, long runId, LockedRun run, CancellationToken cancellationToken)
    {
        var job = run.Job;
        if (run is { State: Held, IsStaged: true })
            await SourceStaging.DropAsync(connection, runId, cancellationToken);
        await RunPublication.ShowAsync(connection, runId, job, cancellationToken);
        // Nothing is dropped from here on: that waits for who publishes.
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(IsWhole, new { runId }, cancellationToken: cancellationToken)))
            throw new BatchScorerException(ExitCode.Usage, $"Run {runId} of job {job} cannot be shown again: its predictions, or some of them, have been dropped since the job keeps them no longer. Score its rows again, such as by a backfill.");
    }

    private async Task<bool> ChangeAsync(
        long runId, string[] from, string to, Func<NpgsqlConnection, LockedRun, CancellationToken, Task> change, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await TransactionTime.LimitIdleAsync(connection, MostIdle, cancellationToken);
        var run = await LockRunAsync(connection, runId, cancellationToken);
        if (run.State == to)
            return false;
        if (!from.Contains(run.State))
        {
            var remedy = run.State is Held ? $"it is held; `batchscorer runs publish {runId}` publishes it, and `batchscorer runs abandon {runId}` gives its rows back"
                : Open.Contains(run.State) ? $"`batchscorer runs resume {runId}` finishes and publishes it" : $"`batchscorer run {run.Job}` plans the next one";
            throw new BatchScorerException(ExitCode.Usage, $"Run {runId} of job {run.Job} is {run.State}, expected one that is {from[0]}: {remedy}.");
        }

        await connection.ExecuteAsync(new CommandDefinition(SetState, new { runId, state = to }, cancellationToken: cancellationToken));
        await change(connection, run, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<LockedRun> LockRunAsync(NpgsqlConnection connection, long runId, CancellationToken cancellationToken) =>
        await connection.QuerySingleOrDefaultAsync<LockedRun>(new CommandDefinition(LockRun, new { runId }, cancellationToken: cancellationToken))
            ?? throw new BatchScorerException(ExitCode.Usage, $"There is no run {runId}: `batchscorer runs list` shows those there are.");

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

    private sealed record LockedRun(string Job, string State, bool Continuing, string? WindowFrom, bool IsStaged);
}
