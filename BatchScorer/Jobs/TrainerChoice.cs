namespace BatchScorer.Jobs;

/// <summary>What trains a model where no command does.</summary>
internal enum TrainerChoice
{
    /// <summary>ML.NET's FastTree, with one-hot encoded texts.</summary>
    FastTree,
}
