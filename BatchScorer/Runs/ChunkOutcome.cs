using BatchScorer.Profiles;
using BatchScorer.Runs.Challengers;

namespace BatchScorer.Runs;

/// <summary>What became of a chunk.</summary>
/// <param name="ChunkNo">Its number within the run.</param>
/// <param name="RowsRead">Rows read.</param>
/// <param name="RowsRejected">Rows in <c>scoring.rejected_rows</c>; the others have predictions.</param>
/// <param name="Read">Time spent waiting for and decoding rows.</param>
/// <param name="Score">Time spent in the model.</param>
/// <param name="Write">Time spent encoding and writing predictions.</param>
internal sealed record ChunkOutcome(int ChunkNo, int RowsRead, int RowsRejected, TimeSpan Read, TimeSpan Score, TimeSpan Write)
{
    /// <summary>The profile of its rows that have predictions, as <see cref="ProfileFormat"/> has it; null where none was made.</summary>
    public byte[]? Profile { get; init; }

    /// <summary>What became of its rows with the challenger; null where there is none, or it stayed out.</summary>
    public ChallengerOutcome? Challenger { get; init; }

    public int RowsScored => RowsRead - RowsRejected;

    /// <summary>What became of two parts of a chunk together.</summary>
    public static ChunkOutcome operator +(ChunkOutcome a, ChunkOutcome b) =>
        new(a.ChunkNo, a.RowsRead + b.RowsRead, a.RowsRejected + b.RowsRejected, a.Read + b.Read, a.Score + b.Score, a.Write + b.Write)
        {
            Profile = a.Profile is null || b.Profile is null ? a.Profile ?? b.Profile : ProfileFormat.Merge(a.Profile, b.Profile),
        };
}
