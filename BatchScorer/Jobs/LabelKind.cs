namespace BatchScorer.Jobs;

/// <summary>What a job predicts, which says how its predictions are compared with labels.</summary>
internal enum LabelKind
{
    /// <summary>The probability, or a score, of yes.</summary>
    Binary,

    /// <summary>A number.</summary>
    Regression,

    /// <summary>One class of several.</summary>
    Multiclass,
}
