using BatchScorer.Runs;
using BatchScorer.Runs.Backfills;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>Tells Quartz how far a firing has come.</summary>
internal sealed class FiringProgress(IJobExecutionContext context) : IProgress<RunProgress>, IProgress<BackfillProgress>
{
    public void Report(RunProgress value) => context.ReportProgress(Percent(value.RowsDone, value.RowsPlanned), $"run {value.RunId}");

    public void Report(BackfillProgress value) => context.ReportProgress(Percent(value.RowsDone, value.Rows), value.Event ?? $"{value.WindowsDone} of {value.Windows} windows");

    private static int Percent(long done, long all) => all == 0 ? 100 : (int)Math.Min(100, 100 * done / all);
}
