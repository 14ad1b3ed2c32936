using BatchScorer.Exchange;
using BatchScorer.Wording;
using Spectre.Console;

namespace BatchScorer.Cli.Printing;

/// <summary>Shows how far rows have come on their way from or to a file: a bar on a terminal, nothing elsewhere.</summary>
internal static class TransferProgressBar
{
    /// <inheritdoc cref="RunProgressBar.ShowAsync{T}"/>
    public static Task<T> ShowAsync<T>(Terminal terminal, string title, Func<IProgress<TransferProgress>, Task<T>> work)
    {
        if (!terminal.ProgressIsSeen)
            return work(new Silence());
        return terminal.ProgressConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask(Markup.Escape(title), autoStart: true, maxValue: 1);
                task.IsIndeterminate = true;
                return work(new Bar(task, title));
            });
    }

    private sealed class Silence : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value)
        {
        }
    }

    private sealed class Bar(ProgressTask task, string title) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value)
        {
            task.IsIndeterminate = value.Share is null;
            task.Value = value.Share ?? 0;
            task.Description = Markup.Escape($"{title}: {Readable.Count(value.Rows)} rows");
        }
    }
}
