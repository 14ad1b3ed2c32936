namespace BatchScorer.Runs.Backfills;

/// <summary>How far a backfill has come.</summary>
/// <param name="Windows">Windows it is to score.</param>
/// <param name="WindowsDone">How many of them are over, those that failed too.</param>
/// <param name="Rows">Rows there were in them when it was asked for.</param>
/// <param name="RowsDone">Rows of the chunks that are done.</param>
/// <param name="RowsPerSecond">Rows a second in this process since it began; null before the first chunk.</param>
/// <param name="Left">How long the other rows take at that rate; null before the first chunk.</param>
/// <param name="Event">What has happened, in words; null when only numbers have changed.</param>
internal sealed record BackfillProgress(int Windows, int WindowsDone, long Rows, long RowsDone, double? RowsPerSecond, TimeSpan? Left, string? Event);

/// <summary>Adds up what the windows of a backfill report. Safe for several at once.</summary>
/// <param name="windows">Windows to score in this process.</param>
/// <param name="rows">Rows expected in them.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Told of every change.</param>
internal sealed class BackfillTally(int windows, long rows, TimeProvider time, IProgress<BackfillProgress> progress)
{
    private readonly Lock gate = new();
    private readonly long since = time.GetTimestamp();
    private readonly Dictionary<long, long> rowsOfRuns = [];
    private int done;

    /// <summary>A chunk of a window's run is done.</summary>
    public void Add(RunProgress run)
    {
        lock (gate)
        {
            rowsOfRuns[run.RunId] = run.RowsDone;
            Report(null);
        }
    }

    /// <summary>A window is over.</summary>
    public void EndWindow(string happened)
    {
        lock (gate)
        {
            done++;
            Report(happened);
        }
    }

    public void Tell(string happened)
    {
        lock (gate)
            Report(happened);
    }

    private void Report(string? happened)
    {
        var rowsDone = rowsOfRuns.Values.Sum();
        double? rate = rowsDone == 0 ? null : rowsDone / time.GetElapsedTime(since).TotalSeconds;
        TimeSpan? left = rate is > 0 and < double.PositiveInfinity ? TimeSpan.FromSeconds(Math.Max(0, rows - rowsDone) / rate.Value) : null;
        progress.Report(new BackfillProgress(windows, done, rows, rowsDone, rate, left, happened));
    }
}
