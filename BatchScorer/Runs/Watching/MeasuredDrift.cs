using BatchScorer.Drift;
using BatchScorer.Profiles;

namespace BatchScorer.Runs.Watching;

/// <summary>What a run's profile is compared with.</summary>
internal enum DriftBase
{
    /// <summary>The data that the model was made with.</summary>
    Reference,

    /// <summary>The first published run of the job with the same model, where no reference was registered.</summary>
    First,

    /// <summary>The newest published run of the job before it.</summary>
    Previous,
}

/// <summary>A profile to compare with, and the run whose it is; null for that of a reference.</summary>
internal sealed record ComparedProfile(DriftBase Against, long? RunId, TableProfile Profile);

/// <summary>What a measure says of a column of a run.</summary>
/// <param name="Side">Where the column is.</param>
/// <param name="Column">Its name.</param>
/// <param name="Against">What it was compared with.</param>
/// <param name="AgainstRun">The run it was compared with; null for the reference.</param>
/// <param name="Measure">The measure.</param>
/// <param name="Value">Its value.</param>
/// <param name="Limit">The limit; null where there is none, or too few rows for any difference to be called drift.</param>
/// <param name="Drifted">Whether the value is beyond the limit.</param>
/// <param name="Detail">What to look at; null where nothing drifted.</param>
internal sealed record MeasuredDrift(
    ProfileSide Side, string Column, DriftBase Against, long? AgainstRun, DriftMeasure Measure, double Value, double? Limit, bool Drifted, string? Detail)
{
    /// <summary>How far the value is beyond its limit, 1 at the limit; 0 without one.</summary>
    public double Excess => DriftLimit.Excess(Measure, Value, Limit);
}
