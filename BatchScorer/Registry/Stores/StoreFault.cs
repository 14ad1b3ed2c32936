using BatchScorer.Errors;

namespace BatchScorer.Registry.Stores;

/// <summary>A model store that is out of reach or refuses.</summary>
/// <param name="place">The file or folder that was asked for.</param>
/// <param name="what">What happened, as a clause.</param>
/// <param name="canPass">Whether it is worth trying again by itself.</param>
/// <param name="cause">The cause, for logs at debug level.</param>
internal sealed class StoreFault(string place, string what, bool canPass, Exception? cause = null)
    : BatchScorerException(ExitCode.Unavailable, $"The model store is out of reach: {place}: {what.TrimEnd('.')}. Check BatchScorer:ModelStore, and that this machine gets there.", cause)
{
    public bool CanPass { get; } = canPass;
}
