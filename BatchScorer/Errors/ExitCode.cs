namespace BatchScorer.Errors;

/// <summary>What the process answers to the shell. The numbers from 64 on follow BSD's <c>sysexits.h</c>.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>Failed; the message says why.</summary>
    Failed = 1,

    /// <summary>More rows were rejected than the job allows.</summary>
    RejectedOverLimit = 2,

    /// <summary>The run is done, and an alarm holds its predictions unpublished until somebody decides.</summary>
    Held = 3,

    /// <summary>The command line is wrong.</summary>
    Usage = 64,

    /// <summary>The database or the model store is out of reach.</summary>
    Unavailable = 69,

    /// <summary>The same run is under way elsewhere.</summary>
    UnderWayElsewhere = 75,

    /// <summary>A job file, a model file or a setting is wrong.</summary>
    BadConfiguration = 78,

    /// <summary>Stopped by SIGINT (Ctrl-C).</summary>
    Interrupted = 130,

    /// <summary>Stopped by SIGTERM.</summary>
    Terminated = 143,
}
