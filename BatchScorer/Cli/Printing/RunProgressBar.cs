using BatchScorer.Runs;
using BatchScorer.Wording;
using Spectre.Console;

namespace BatchScorer.Cli.Printing;

/// <summary>Shows how far a run has come: a bar on a terminal, nothing elsewhere.</summary>
internal static class RunProgressBar
{
    /// <summary>Shows progress while work is done.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="title">What is under way.</param>
    /// <param name="work">The work.</param>
    public static Task<T> ShowAsync<T>(Terminal terminal, string title, Func<IProgress<RunProgress>, Task<T>> work) =>
        ProgressBar.ShowAsync(terminal, title, work, (task, value) => Draw(task, title, value), tell: null, new RemainingTimeColumn());

    private static void Draw(ProgressTask task, string title, RunProgress value)
    {
        task.IsIndeterminate = false;
        task.MaxValue = Math.Max(1, Math.Max(value.RowsPlanned, value.RowsDone));
        task.Value = value.RowsDone;
        task.Description = Markup.Escape(
            $"{title}: {Readable.Count(value.RowsDone)} rows{(value.RowsRejected > 0 ? $", {Readable.Count(value.RowsRejected)} rejected" : "")}");
    }
}
