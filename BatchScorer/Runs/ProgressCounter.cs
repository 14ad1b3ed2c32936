namespace BatchScorer.Runs;

/// <summary>Adds up what the partitions of this process have done. Safe for all of them at once.</summary>
internal sealed class ProgressCounter(Run run, long rows, long rejected, IProgress<RunProgress> progress)
{
    private readonly Lock gate = new();

    public void Add(ChunkOutcome outcome)
    {
        lock (gate)
        {
            rows += outcome.RowsRead;
            rejected += outcome.RowsRejected;
            progress.Report(new RunProgress(run.Id, run.RowsPlanned, rows, rejected));
        }
    }
}
