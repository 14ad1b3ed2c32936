namespace BatchScorer.Exchange;

/// <summary>How far rows have come on their way from or to a file.</summary>
/// <param name="Rows">Rows so far.</param>
/// <param name="Share">How much of it is done, from 0 to 1; null where nobody knows how much there is.</param>
internal readonly record struct TransferProgress(long Rows, double? Share);
