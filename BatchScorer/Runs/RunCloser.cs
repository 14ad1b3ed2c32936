using System.Globalization;
using BatchScorer.Alarms;
using BatchScorer.Checkpoints;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs.Watching;
using BatchScorer.Telemetry;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">What the process answers.</param>
/// <param name="Error">Why it failed, and what to do; null when it did not.</param>
internal sealed record RunEnd(ExitCode ExitCode, string? Error);

/// <summary>Closes runs: publishes one whose chunks are all done unless an alarm holds it, fails one that cannot go on or has rejected too much.</summary>
internal sealed class RunCloser(Database database, ILogger<RunCloser> logger)
{
    private const string LockRun = "SELECT state, error, held_reason FROM scoring.runs WHERE run_id = @runId FOR NO KEY UPDATE";

    private const string Tally =
        """
        SELECT count(*) FILTER (WHERE state = 'pending') AS pending,
               count(*) FILTER (WHERE state = 'pending' AND (@reopenedAt::timestamptz IS NULL OR reopened_at = @reopenedAt)) AS selected,
               count(*) FILTER (WHERE state = 'failed') AS failed,
               coalesce(sum(rows_read), 0)::bigint AS rows_read,
               coalesce(sum(rows_scored), 0)::bigint AS rows_scored,
               coalesce(sum(rows_rejected), 0)::bigint AS rows_rejected,
               (SELECT error FROM scoring.chunks AS failed WHERE run_id = @runId AND state = 'failed'
                ORDER BY (SELECT min(attempt_id) FROM scoring.chunk_attempts AS attempt WHERE (attempt.run_id, attempt.chunk_no) = (failed.run_id, failed.chunk_no) AND attempt.outcome = 'failed'
                          AND attempt.started_at > coalesce(failed.reopened_at, '-infinity')), chunk_no
                LIMIT 1) AS first_error
        FROM scoring.chunks WHERE run_id = @runId
        """;

    private const string End =
        $"""
        UPDATE scoring.runs AS run
        SET state = @state, error = @error, finished_at = clock_timestamp(), chunks = (SELECT count(*) FROM scoring.chunks WHERE run_id = @runId),
            rows_read = @rowsRead, rows_scored = @rowsScored, rows_rejected = @rowsRejected
        WHERE run_id = @runId
        RETURNING trigger, coalesce({AttemptStore.TimeWorkedOn}, interval '0') AS duration
        """;

    private const string Settle = "UPDATE scoring.runs SET state = @state, held_reason = @heldReason WHERE run_id = @runId";

    /// <summary>Closes the run if it is over: every chunk is done, or one has failed and none is pending.</summary>
    /// <param name="run">The run.</param>
    /// <param name="selection">The chunks that are worked on. When none of them is left and others are, the run is left cancelled.</param>
    /// <param name="limits">Its job's limits, or null to accept whatever was rejected.</param>
    /// <returns>How it ended, also when somebody else has closed it; null while it goes on.</returns>
    public async Task<RunEnd?> TryCloseAsync(Run run, ChunkSelection selection, JobLimits? limits, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // A closer that stands still holds the run and the job's publications: it is cut off, and whoever comes next closes the run.
        await TransactionTime.LimitIdleAsync(connection, run.Manifest.Job.Limits.ChunkTime, cancellationToken);
        var (state, error, heldReason) = await connection.QuerySingleAsync<(string State, string? Error, string? HeldReason)>(new CommandDefinition(LockRun, new { runId = run.Id }, cancellationToken: cancellationToken));
        var tally = await connection.QuerySingleAsync<ChunkTally>(new CommandDefinition(Tally, selection, cancellationToken: cancellationToken));
        var overLimit = limits is null ? null : OverLimit(run, tally, limits);
        if (state is "published" or "withdrawn")
            return new RunEnd(ExitCode.Done, null);
        if (state is "succeeded")
            return RunHold.End(run.Id, run.Job, heldReason);
        if (state is "cancelled")
            return selection.ReopenedAt is not null && tally is { Selected: 0, Failed: 0 } ? new RunEnd(ExitCode.Done, null) : Cancelled(run);
        if (state is not ("planned" or "running"))
            return new RunEnd(overLimit is null ? ExitCode.Failed : ExitCode.RejectedOverLimit, error ?? $"Run {run.Id} is {state}.");

        var end = overLimit is not null ? new RunEnd(ExitCode.RejectedOverLimit, overLimit)
            : tally.Selected > 0 ? null
            : tally.Failed > 0 ? new RunEnd(ExitCode.Failed, ChunksFailed(run, tally))
            : new RunEnd(ExitCode.Done, null);
        if (end is null)
            return null;
        var becomes = end.ExitCode is not ExitCode.Done ? "failed" : tally.Pending > 0 ? "cancelled" : "succeeded";
        var ended = await EndAsync(connection, run, tally, end, becomes, cancellationToken);
        var drifted = becomes is "succeeded" ? await RunWatch.CloseAsync(connection, run, tally.RowsScored, cancellationToken) : [];
        var judgement = becomes is "cancelled" ? RunJudgement.Nothing
            : await RunJudgement.MakeAsync(connection, run, FactsOf(run, tally, becomes, ended.Duration, drifted), rejectedAccepted: limits is null, cancellationToken);
        if (becomes is "succeeded")
        {
            becomes = judgement.HeldReason is null ? "published" : "succeeded";
            end = judgement.HeldReason is null ? end : RunHold.End(run.Id, run.Job, judgement.HeldReason);
            await SettleAsync(connection, run, becomes, judgement.HeldReason, cancellationToken);
        }

        if (becomes is "published")
            await Checkpoint.ReachAsync(Checkpoint.DuringPublish, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        RunMetrics.Ended(run.Job, ended.Trigger, becomes, ended.Duration);
        if (becomes is "failed")
            RunLogs.RunFailed(logger, run.Id, run.Job, end.Error!);
        else if (becomes is "published")
            RunLogs.RunPublished(logger, run.Id, run.Job, tally.RowsRead, tally.RowsScored, tally.RowsRejected, ended.Duration.TotalSeconds);
        TellDrift(run, drifted);
        judgement.Tell(logger, run);
        return end;
    }

    /// <summary>The end of a run that somebody has cancelled.</summary>
    public static RunEnd Cancelled(Run run) => new(ExitCode.Failed, $"Run {run.Id} was cancelled; `batchscorer runs resume {run.Id}` finishes it.");

    private void TellDrift(Run run, IReadOnlyList<MeasuredDrift> drifted)
    {
        if (drifted is [{ Limit: { } limit } most, ..])
        {
            WatchLogs.Drifted(
                logger, run.Id, run.Job, drifted.DistinctBy(drift => (drift.Side, drift.Column)).Count(), most.Column, DriftStore.WordOf(most.Measure), most.Value, limit, most.Detail!);
        }
    }

    private static Task<(string Trigger, TimeSpan Duration)> EndAsync(NpgsqlConnection connection, Run run, ChunkTally tally, RunEnd end, string state, CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<(string, TimeSpan)>(new CommandDefinition(
            End,
            new
            {
                runId = run.Id,
                state,
                error = end.Error,
                rowsRead = tally.RowsRead,
                rowsScored = tally.RowsScored,
                rowsRejected = tally.RowsRejected,
            },
            cancellationToken: cancellationToken));

    /// <summary>Publishes a run that is done, or has it wait.</summary>
    private static async Task SettleAsync(NpgsqlConnection connection, Run run, string state, string? heldReason, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(Settle, new { runId = run.Id, state, heldReason }, cancellationToken: cancellationToken));
        if (state is not "published")
            return;
        if (run.Manifest.Source.StagedTable is not null)
            await SourceStaging.DropAsync(connection, run.Id, cancellationToken);
        await RunPublication.ShowAsync(connection, run.Id, run.Job, cancellationToken);
    }

    private static RunFacts FactsOf(Run run, ChunkTally tally, string state, TimeSpan duration, IReadOnlyList<MeasuredDrift> drifted) => new()
    {
        Job = run.Job,
        RunId = run.Id,
        Succeeded = state is "succeeded",
        RowsRead = tally.RowsRead,
        RowsRejected = tally.RowsRejected,
        Duration = duration,
        Drifted = [.. drifted.DistinctBy(drift => drift.Column).Select(drift => new ColumnOverLimit(
            drift.Column, DriftStore.WordOf(drift.Measure), drift.AgainstRun is { } before ? $"run {before}" : "the model's reference", drift.Value, drift.Limit!.Value, drift.Detail!))],
    };

    // The share is judged when every row has been read; the count as soon as it is exceeded.
    private static string? OverLimit(Run run, ChunkTally tally, JobLimits limits)
    {
        var over = tally.RowsRejected > limits.RejectedRows ? $"limits.rejectedRows allows {limits.RejectedRows}"
            : tally.Pending == 0 && tally.RowsRejected > limits.RejectedShare * tally.RowsRead ? $"limits.rejectedShare allows {Percent(limits.RejectedShare)}"
            : null;
        return over is null ? null
            : $"{tally.RowsRejected} of {tally.RowsRead} rows ({Percent((double)tally.RowsRejected / tally.RowsRead)}) were rejected, and {over}. "
              + $"Nothing is published. See why with `batchscorer runs show {run.Id}`; then `batchscorer runs resume {run.Id} --accept-rejected` publishes the run without them, "
              + $"and `batchscorer runs abandon {run.Id}` gives its rows back to the next {(run.Trigger is Trigger.Replay ? "replay" : "run")}.";
    }

    private static string ChunksFailed(Run run, ChunkTally tally) =>
        $"{tally.FirstError} ({tally.Failed} failed chunk(s); the others are kept). Mend the cause, then `{run.Command}` goes on where this run stopped.";

    private static string Percent(double share) => share.ToString("0.##%", CultureInfo.InvariantCulture);

    private sealed record ChunkTally(long Pending, long Selected, long Failed, long RowsRead, long RowsScored, long RowsRejected, string? FirstError);
}
