using BatchScorer.Checkpoints;

namespace BatchScorer.Tests.Faults;

/// <summary>What is done to a process that is held at a point of its run.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL.</summary>
    Kill,

    /// <summary>SIGTERM: the process rolls back what it is at, and ends by itself.</summary>
    Terminate,

    /// <summary>SIGSTOP, and SIGCONT after somebody else has gone on.</summary>
    Pause,

    /// <summary><c>pg_terminate_backend</c> on all its sessions.</summary>
    EndSessions,

    /// <summary>The network resets all its connections.</summary>
    Drop,

    /// <summary>The network passes nothing on, until somebody else has gone on.</summary>
    Stall,

    /// <summary>The network passes a few more bytes on, and ends in the middle of a message.</summary>
    Truncate,

    /// <summary>The server is restarted as by a crash (<c>-m immediate</c>).</summary>
    Restart,

    /// <summary>The database's disk is full for a while.</summary>
    FullDisk,

    /// <summary>A second process is asked for the same run.</summary>
    SecondProcess,

    /// <summary><c>runs cancel</c>: the process stops working on the run by itself.</summary>
    Cancel,
}

/// <summary>A fault at a point.</summary>
/// <param name="Point">One of <see cref="Checkpoint.Names"/>.</param>
/// <param name="Occurrence">When the process comes to the point for the how-manieth time, from 1.</param>
/// <param name="Kind">What is done there.</param>
internal sealed record Fault(string Point, int Occurrence, FaultKind Kind)
{
    /// <summary>
    /// Every fault there can be, once. After the run is marked published nothing is written that a full disk could refuse, and one that
    /// is not yet planned cannot be cancelled.
    /// </summary>
    public static IEnumerable<Fault> All =>
        from point in Checkpoint.Names
        from kind in Enum.GetValues<FaultKind>()
        where (point, kind) is not ((Checkpoint.DuringPublish, FaultKind.FullDisk) or (Checkpoint.DuringPlanning, FaultKind.Cancel))
        select new Fault(point, IsOnceARun(point) ? 1 : 2, kind);

    /// <summary>Whether the process stays as it is until others have gone on.</summary>
    public bool Lasts => Kind is FaultKind.Pause or FaultKind.Stall;

    public bool NeedsProxy => Kind is FaultKind.Drop or FaultKind.Stall or FaultKind.Truncate;

    /// <summary>Where the process is to be held, in the form of <see cref="Checkpoint.Variable"/>.</summary>
    public string Hold => $"{Point}:{Occurrence}";

    public static bool IsOnceARun(string point) => point is Checkpoint.DuringPlanning or Checkpoint.DuringPublish;

    public override string ToString() => $"{Kind} {Hold}";
}
