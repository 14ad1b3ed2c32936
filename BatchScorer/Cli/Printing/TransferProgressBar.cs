using BatchScorer.Exchange;
using BatchScorer.Wording;
using Spectre.Console;

namespace BatchScorer.Cli.Printing;

/// <summary>Shows how far rows have come on their way from or to a file: a bar on a terminal, nothing elsewhere.</summary>
internal static class TransferProgressBar
{
    /// <inheritdoc cref="RunProgressBar.ShowAsync{T}"/>
    public static Task<T> ShowAsync<T>(Terminal terminal, string title, Func<IProgress<TransferProgress>, Task<T>> work) =>
        ProgressBar.ShowAsync(terminal, title, work, (task, value) => Draw(task, title, value), tell: null, new RemainingTimeColumn());

    private static void Draw(ProgressTask task, string title, TransferProgress value)
    {
        task.IsIndeterminate = value.Share is null;
        task.MaxValue = 1;
        task.Value = value.Share ?? 0;
        task.Description = Markup.Escape($"{title}: {Readable.Count(value.Rows)} rows");
    }
}
