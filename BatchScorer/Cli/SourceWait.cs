using BatchScorer.Runs;

namespace BatchScorer.Cli;

/// <summary>Waits on the command line until a job's source is fresh.</summary>
internal static class SourceWait
{
    /// <summary>Does what plans a run, again and again while the source is not fresh, as long as the job's limit allows.</summary>
    /// <param name="work">What plans a run.</param>
    /// <param name="writer">Told of the wait, once.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SourceNotFreshException">The limit has passed.</exception>
    public static async Task<T> DoAsync<T>(Func<Task<T>> work, TextWriter writer, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var isTold = false; ; isTold = true)
        {
            try
            {
                return await work();
            }
            catch (SourceNotFreshException stale) when (stale.Fresh.Limit - time.GetElapsedTime(began) is { Ticks: > 0 } left)
            {
                if (!isTold)
                    writer.WriteLine($"The source of job {stale.Job} is not fresh yet: {stale.Fresh.Query} is asked every {stale.Fresh.Every:c}, for {stale.Fresh.Limit:c} at most.");
                await Task.Delay(stale.Fresh.Every < left ? stale.Fresh.Every : left, time, cancellationToken);
            }
        }
    }
}
