using BatchScorer.Runs.Backfills;
using BatchScorer.Wording;
using Spectre.Console;

namespace BatchScorer.Cli.Printing;

/// <summary>Shows how far a backfill has come: a bar over all windows on a terminal, a line a window elsewhere.</summary>
internal static class BackfillProgressBar
{
    /// <inheritdoc cref="RunProgressBar.ShowAsync{T}"/>
    public static Task<T> ShowAsync<T>(Terminal terminal, string title, Func<IProgress<BackfillProgress>, Task<T>> work) =>
        ProgressBar.ShowAsync(terminal, title, work, (task, value) => Draw(task, title, value), value => Tell(terminal.Progress, title, value));

    private static void Draw(ProgressTask task, string title, BackfillProgress value)
    {
        task.IsIndeterminate = value is { WindowsDone: 0, RowsDone: 0 };
        // A window without rows counts too.
        task.MaxValue = value.Windows + Math.Max(value.Rows, value.RowsDone);
        task.Value = value.WindowsDone + value.RowsDone;
        task.Description = Markup.Escape($"{title}: {(value.Event is null ? Text(value) : Readable.CursorValue(value.Event))}");
    }

    private static void Tell(TextWriter writer, string title, BackfillProgress value)
    {
        if (value.Event is not null)
            writer.WriteLine($"{title}: {Readable.CursorValue(value.Event)} ({Text(value)})");
    }

    /// <summary><c>3 of 31 windows, 12,000 of 80,000 rows, 9,000 rows/s, 7.56 s left</c></summary>
    private static string Text(BackfillProgress progress) =>
        $"{Readable.Count(progress.WindowsDone)} of {Readable.Count(progress.Windows)} windows, {Readable.Count(progress.RowsDone)} of {Readable.Count(progress.Rows)} rows"
        + (progress.RowsPerSecond is { } rate ? $", {Readable.Count((long)rate)} rows/s" : "")
        + (progress.Left is { } left && progress.WindowsDone < progress.Windows ? $", {Readable.Duration(left)} left" : "");
}
