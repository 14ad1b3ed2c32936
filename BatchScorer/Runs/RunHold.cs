using BatchScorer.Errors;

namespace BatchScorer.Runs;

/// <summary>Runs that are done and wait for somebody to decide whether they are published. Nothing is planned past them.</summary>
internal static class RunHold
{
    /// <summary>What is said of such a run, with what can be done about it.</summary>
    public static RunEnd End(long runId, string job, string? reason) => new(ExitCode.Held,
        $"Run {runId} of job {job} is held, and its predictions are not published: {reason}. Look at it with `batchscorer runs show {runId}`; "
        + $"then `batchscorer runs publish {runId}` publishes it, or `batchscorer runs abandon {runId}` gives its rows back to the next run.");

    /// <summary>Lets nobody past a run that is held.</summary>
    /// <exception cref="BatchScorerException">It is.</exception>
    public static void Refuse(Run open)
    {
        if (open.HeldReason is { } reason)
            throw new BatchScorerException(ExitCode.Held, End(open.Id, open.Job, reason).Error!);
    }
}
