namespace BatchScorer.Runs;

/// <summary>States of runs that belong together; in SQL as lists for IN.</summary>
internal static class RunStates
{
    /// <summary>Not over: somebody works on the run, may take it up again, or is to decide whether it is published.</summary>
    public const string Open = "('planned', 'running', 'succeeded', 'failed', 'cancelled')";
}
