using Spectre.Console;

namespace BatchScorer.Cli.Printing;

/// <summary>Shows how far work has come: a bar on a terminal, or what takes its place elsewhere.</summary>
internal static class ProgressBar
{
    /// <summary>Shows progress while work is done.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="title">What is under way; what stands beside the bar until something is reported.</param>
    /// <param name="work">The work.</param>
    /// <param name="draw">Sets the bar to what is reported.</param>
    /// <param name="tell">Says what is reported where nobody sees a bar; null for silence.</param>
    /// <param name="more">What stands after the bar and its percentage.</param>
    public static Task<T> ShowAsync<TProgress, T>(
        Terminal terminal, string title, Func<IProgress<TProgress>, Task<T>> work, Action<ProgressTask, TProgress> draw, Action<TProgress>? tell, params ProgressColumn[] more)
    {
        if (!terminal.ProgressIsSeen)
            return work(new Listener<TProgress>(value => tell?.Invoke(value)));
        return terminal.ProgressConsole.Progress()
            .AutoClear(true)
            .Columns([new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), .. more])
            .StartAsync(context =>
            {
                var task = context.AddTask(Markup.Escape(title), autoStart: true);
                task.IsIndeterminate = true;
                return work(new Listener<TProgress>(value => draw(task, value)));
            });
    }

    // Progress<T> would report on other threads, and after the work has ended.
    private sealed class Listener<TProgress>(Action<TProgress> hear) : IProgress<TProgress>
    {
        public void Report(TProgress value) => hear(value);
    }
}
