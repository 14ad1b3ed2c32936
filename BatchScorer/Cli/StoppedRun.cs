using BatchScorer.Runs;

namespace BatchScorer.Cli;

/// <summary>Tells who stopped a run how it goes on.</summary>
internal static class StoppedRun
{
    /// <summary>Works on a run; when that is stopped, names the run that was left open, if there is one.</summary>
    public static async Task<T> TellAsync<T>(Func<Task<T>> work, Func<Task<Run?>> findOpen, TextWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (await findOpen() is { } open)
                writer.WriteLine($"Run {open.Id} stopped; `{open.Command}` goes on.");
            throw;
        }
    }
}
