using BatchScorer.Runs;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>Tells Quartz how far a firing has come.</summary>
internal sealed class FiringProgress(IJobExecutionContext context) : IProgress<RunProgress>
{
    public void Report(RunProgress value) =>
        context.ReportProgress(value.RowsPlanned == 0 ? 100 : (int)Math.Min(100, 100 * value.RowsDone / value.RowsPlanned), $"run {value.RunId}");
}
