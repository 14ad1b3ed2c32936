using Microsoft.Extensions.Logging;

namespace BatchScorer.Cli.Hosting;

internal static partial class HostLogs
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "The command ended with this fault")]
    public static partial void CommandFailed(ILogger logger, Exception fault);
}
