namespace BatchScorer.Runs;

/// <summary>How far a run has come in this process.</summary>
/// <param name="RunId">The run.</param>
/// <param name="RowsPlanned">Rows there were at planning.</param>
/// <param name="RowsDone">Rows of the chunks that are done.</param>
/// <param name="RowsRejected">How many of them were rejected.</param>
internal sealed record RunProgress(long RunId, long RowsPlanned, long RowsDone, long RowsRejected);
