using System.Diagnostics;
using BatchScorer.Errors;

namespace BatchScorer.Postgres;

/// <summary>Does short work on the database that may be done twice, and does it again when the server is away or at its limits for a moment.</summary>
/// <param name="database">The database.</param>
/// <param name="patience">How long it is waited for.</param>
internal sealed class Reconnection(Database database, TimeSpan patience)
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>Does the work, again and again on new connections as long as it fails from causes that can pass.</summary>
    /// <exception cref="BatchScorerException">The server was away for longer than one waits.</exception>
    public async Task<T> DoAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        long? failingSince = null;
        while (true)
        {
            try
            {
                var done = await work();
                if (failingSince is not null)
                    database.Availability.Back();
                return done;
            }
            catch (Exception fault) when (PassingFault.Is(fault) && !cancellationToken.IsCancellationRequested)
            {
                failingSince ??= Stopwatch.GetTimestamp();
                if (Stopwatch.GetElapsedTime(failingSince.Value) > patience)
                {
                    throw new BatchScorerException(ExitCode.Unavailable,
                        $"The database has been of no use for {patience.TotalSeconds:0} s: {fault.GetBaseException().Message.TrimEnd('.')}. Try again when it is back; what was committed is kept.", fault);
                }

                database.Availability.Away(fault, patience);
                // What else the pools hold was most likely lost at the same time.
                database.ForgetConnections();
                await Task.Delay(TryAgain, cancellationToken);
            }
        }
    }

    /// <inheritdoc cref="DoAsync{T}"/>
    public Task DoAsync(Func<Task> work, CancellationToken cancellationToken) => DoAsync(
        async () =>
        {
            await work();
            return true;
        },
        cancellationToken);
}
