using BatchScorer.Jobs;
using BatchScorer.Training.Data;

namespace BatchScorer.Training;

/// <summary>Why a job's model is trained.</summary>
internal enum TrainingReason
{
    /// <summary>Somebody asked for it.</summary>
    Manual,

    /// <summary>It is due by the job's <c>retrain.schedule</c>.</summary>
    Schedule,

    /// <summary>An alarm asks for it.</summary>
    Alarm,
}

/// <summary>A wish to have a job's model trained.</summary>
/// <param name="Reason">Why.</param>
internal sealed record TrainingRequest(TrainingReason Reason)
{
    /// <summary>Which labels.</summary>
    public LabelRange Range { get; init; } = LabelRange.All;

    /// <summary>The version to register; null for one by the time at which it is trained, such as <c>2026-11-22T013000Z</c>.</summary>
    public string? Version { get; init; }

    /// <summary>What trains, in place of what the job's file says; null for that.</summary>
    public TrainerChoice? With { get; init; }

    /// <summary>When it was due by a schedule; a slot has one training. Null for none.</summary>
    public DateTimeOffset? Slot { get; init; }
}
