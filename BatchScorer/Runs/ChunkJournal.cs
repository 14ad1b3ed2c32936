using BatchScorer.Runs.Challengers;
using BatchScorer.Telemetry;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Runs;

/// <summary>Tells progress, metrics, spans and logs what became of chunks. Safe for all partitions of a process at once.</summary>
internal sealed class ChunkJournal(PreparedRun run, ProgressCounter progress, ILogger logger)
{
    private long RunId => run.Run.Id;

    private string Job => run.Run.Job;

    public void Done(ChunkOutcome outcome)
    {
        ChunkMetrics.Done(Job, run.Model.Engine, outcome.RowsScored, outcome.RowsRejected, outcome.Read, outcome.Score, outcome.Write);
        RunSpans.ChunkDone(outcome.RowsScored, outcome.RowsRejected, outcome.Read, outcome.Score, outcome.Write);
        RunLogs.ChunkDone(logger, outcome.ChunkNo, RunId, Job, outcome.RowsScored, outcome.RowsRejected);
        progress.Add(outcome);
    }

    /// <summary>The chunk is done without the challenger.</summary>
    public void LeftOut(int chunkNo, string fault) => ChallengerLogs.LeftOutOfChunk(logger, chunkNo, RunId, Job, fault);

    /// <summary>The chunk had grown.</summary>
    public void Split(int chunkNo, int parts)
    {
        Ended("split", fault: null);
        RunLogs.ChunkSplit(logger, chunkNo, RunId, Job, parts);
    }

    /// <summary>An attempt failed.</summary>
    /// <param name="chunkNo">The chunk.</param>
    /// <param name="attempt">Which of its attempts, from 1.</param>
    /// <param name="fault">Why.</param>
    /// <param name="error">Why, in a sentence.</param>
    /// <param name="delay">How long the chunk waits for the next one; null when there is none.</param>
    public void Failed(int chunkNo, int attempt, Exception fault, string error, TimeSpan? delay)
    {
        Ended(delay is null ? "failed" : "retried", fault);
        if (delay is { } wait)
            RunLogs.ChunkRetried(logger, chunkNo, RunId, Job, attempt, wait.TotalSeconds, error);
        else
            RunLogs.ChunkFailed(logger, chunkNo, RunId, Job, error);
    }

    /// <summary>The chunk is not tried any more, since those who tried it died.</summary>
    public void GivenUp(int chunkNo, string error)
    {
        Ended("given_up", fault: null);
        RunLogs.ChunkFailed(logger, chunkNo, RunId, Job, error);
    }

    private void Ended(string outcome, Exception? fault)
    {
        ChunkMetrics.Attempted(Job, outcome);
        RunSpans.ChunkEnded(outcome, fault is null ? null : ChunkFault.Kind(fault));
    }
}
