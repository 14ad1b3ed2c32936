namespace BatchScorer.Jobs;

/// <summary>What becomes of slots that passed while nothing could run.</summary>
internal enum MissedSlots
{
    /// <summary>One run makes up for all of them.</summary>
    Once,

    /// <summary>Each gets a run of its own.</summary>
    Each,

    /// <summary>There is no run for them; the next slot covers their rows.</summary>
    None,
}
