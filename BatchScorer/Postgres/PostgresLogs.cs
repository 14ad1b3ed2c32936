using Microsoft.Extensions.Logging;

namespace BatchScorer.Postgres;

/// <summary>What is said about the server. Event ids 300 to 399 are this folder's; docs/operating.md lists them.</summary>
internal static partial class PostgresLogs
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Warning, Message = "The database is of no use at the moment, and is waited for up to {Seconds:0} s: {Cause}")]
    public static partial void DatabaseAway(ILogger logger, double seconds, string cause);

    [LoggerMessage(EventId = 301, Level = LogLevel.Warning, Message = "The database is back after {Seconds:0.0} s")]
    public static partial void DatabaseBack(ILogger logger, double seconds);
}
