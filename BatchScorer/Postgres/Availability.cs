using System.Diagnostics;
using BatchScorer.Telemetry;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Postgres;

/// <summary>
/// Whether the database is of use, as those who wait for it find. However many wait, the log is told once when it goes and once when it is back.
/// </summary>
internal sealed class Availability(ILogger logger)
{
    private readonly Lock gate = new();
    private long? awaySince;

    /// <summary>It is away, or at its limits.</summary>
    /// <param name="cause">Why.</param>
    /// <param name="patience">How long it is waited for.</param>
    public void Away(Exception cause, TimeSpan patience)
    {
        lock (gate)
        {
            if (awaySince is not null)
                return;
            awaySince = Stopwatch.GetTimestamp();
        }

        ResourceMetrics.DatabaseAway();
        PostgresLogs.DatabaseAway(logger, patience.TotalSeconds, cause.GetBaseException().Message.TrimEnd('.'));
    }

    /// <summary>Something succeeded that had failed.</summary>
    public void Back()
    {
        TimeSpan away;
        lock (gate)
        {
            if (awaySince is not { } since)
                return;
            away = Stopwatch.GetElapsedTime(since);
            awaySince = null;
        }

        ResourceMetrics.DatabaseBack(away);
        PostgresLogs.DatabaseBack(logger, away.TotalSeconds);
    }
}
