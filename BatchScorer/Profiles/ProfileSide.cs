namespace BatchScorer.Profiles;

/// <summary>On which side of the model a column is.</summary>
internal enum ProfileSide
{
    /// <summary>What the model reads, under the model's name for it, as it was scored: after conversion to the model's type.</summary>
    Input,

    /// <summary>What the model answers, under the name of the column that it is stored in.</summary>
    Output,
}
