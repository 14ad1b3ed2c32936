namespace BatchScorer.Runs.Challengers;

/// <summary>What became of a chunk with the challenger.</summary>
/// <param name="RowsScored">Rows with an answer.</param>
/// <param name="RowsRejected">Rows that it could not score; the job's own model may have.</param>
/// <param name="Rejection">Why the first of them could not be scored; null where all were.</param>
/// <param name="Fault">Why the chunk is left out of every comparison; null where it is not.</param>
/// <param name="Took">The time that it cost.</param>
internal sealed record ChallengerOutcome(int RowsScored, int RowsRejected, string? Rejection, string? Fault, TimeSpan Took)
{
    public static ChallengerOutcome LeftOut(string fault) => new(0, 0, null, fault, TimeSpan.Zero);
}
