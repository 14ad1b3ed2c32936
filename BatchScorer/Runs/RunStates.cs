namespace BatchScorer.Runs;

/// <summary>States of runs that belong together; in SQL as lists for IN.</summary>
internal static class RunStates
{
    /// <summary>Not over: somebody works on the run, or may take it up again.</summary>
    public const string Open = "('planned', 'running', 'failed', 'cancelled')";
}
