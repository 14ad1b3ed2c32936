using Microsoft.Extensions.Logging;

namespace BatchScorer.Reports;

/// <summary>What is said about reports. Event ids 500 to 599 are this folder's; docs/operating.md lists them.</summary>
internal static partial class ReportLogs
{
    public const int PageFailedId = 500;

    [LoggerMessage(EventId = PageFailedId, Level = LogLevel.Error, Message = "The page {Path} could not be made: {Cause}")]
    public static partial void PageFailed(ILogger logger, string path, string cause, Exception fault);
}
