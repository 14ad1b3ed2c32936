namespace BatchScorer.Jobs;

/// <summary>Which rows of its source a run scores.</summary>
internal enum SourceMode
{
    /// <summary>Those whose cursor lies in the run's window.</summary>
    Window,

    /// <summary>Those whose key has neither a prediction nor an unresolved rejected row of this job.</summary>
    Unscored,

    /// <summary>Every row.</summary>
    All,
}
