using BatchScorer.Jobs;
using BatchScorer.Sources;

namespace BatchScorer.Runs;

/// <summary>What somebody asks of a job: why it is to run, and over which rows.</summary>
/// <param name="Trigger">Why.</param>
internal sealed record RunRequest(Trigger Trigger)
{
    /// <summary>
    /// The cursor values to score, both bounds kept, whatever has been scored before. Null to go on where the job's last run stopped, or,
    /// in the modes without a cursor, for whatever is there.
    /// </summary>
    public CursorRange? Window { get; init; }

    /// <summary>The instant at which a schedule was due; a slot makes one run, and the run's window ends there at the latest. Null where no schedule asks.</summary>
    public DateTimeOffset? Slot { get; init; }

    /// <summary>The schedule that fired, for the record; null where none did.</summary>
    public string? FiredBy { get; init; }

    /// <summary>The runs of other jobs that this one follows; null where the job keeps times of its own.</summary>
    public IReadOnlyList<long>? FollowedRuns { get; init; }

    /// <summary>The cluster's node that asks, for the record; null on the command line.</summary>
    public string? Node { get; init; }

    /// <summary>Whether it is for the rows that the job's runs have rejected.</summary>
    public bool IsReplay => Trigger is Trigger.Replay;

    /// <summary>The backfill whose window it is; otherwise null.</summary>
    public long? BackfillId { get; init; }

    /// <summary>Whether the job's next run starts where this one ends.</summary>
    public bool Continues(JobDefinition job) => Window is null && !IsReplay && job.Source.Mode is SourceMode.Window;
}
