using Microsoft.Extensions.Logging;

namespace BatchScorer.Health;

/// <summary>What is said about health. Event ids 400 to 499 are this folder's; docs/operating.md lists them.</summary>
internal static partial class HealthLogs
{
    [LoggerMessage(EventId = 400, Level = LogLevel.Information, Message = "Health is answered at {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(EventId = 401, Level = LogLevel.Warning,
        Message = "Health is not answered at {Address}: {Cause}. Another process may have it; set BatchScorer:HealthAddress to one of its own, or to off")]
    public static partial void NotListening(ILogger logger, string address, string cause);

    [LoggerMessage(EventId = 402, Level = LogLevel.Warning, Message = "Not ready, says the check {Check}: {Cause}")]
    public static partial void NotReady(ILogger logger, string check, string cause);
}
