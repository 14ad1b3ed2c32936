using Microsoft.Extensions.Logging;

namespace BatchScorer.Alarms;

/// <summary>What is said of alarms. Event ids 720 to 739 are this folder's; docs/operating.md lists them.</summary>
internal static partial class AlarmLogs
{
    [LoggerMessage(EventId = 720, Level = LogLevel.Warning, Message = "Alarm of job {Job}, run {RunId}, {Kind}: {What}, since {Since:O}. Look at {LookAt}")]
    public static partial void Raised(ILogger logger, string job, long runId, string kind, string what, DateTime since, string lookAt);

    [LoggerMessage(EventId = 721, Level = LogLevel.Warning,
        Message = "Run {RunId} of job {Job} is held, and its predictions are not published: {Reason}. `runs publish {RunId}` publishes it, `runs abandon {RunId}` gives its rows back")]
    public static partial void RunHeld(ILogger logger, long runId, string job, string reason);

    [LoggerMessage(EventId = 722, Level = LogLevel.Warning, Message = "Alarm of job {Job}, {Kind}: {What}, since {Since:O}. Look at {LookAt}")]
    public static partial void RaisedOfJob(ILogger logger, string job, string kind, string what, DateTime since, string lookAt);

    [LoggerMessage(EventId = 723, Level = LogLevel.Information, Message = "Alarm of job {Job}, {Kind}, is over")]
    public static partial void Cleared(ILogger logger, string job, string kind);

    [LoggerMessage(EventId = 724, Level = LogLevel.Information, Message = "Notice {NoticeId} of alarms of job {Job} is delivered to {Url}")]
    public static partial void Delivered(ILogger logger, Guid noticeId, string job, string url);

    [LoggerMessage(EventId = 725, Level = LogLevel.Warning, Message = "A webhook could not be told of alarms, {What}, which is tried again: {Error}")]
    public static partial void NotDelivered(ILogger logger, string what, string error);

    [LoggerMessage(EventId = 726, Level = LogLevel.Warning, Message = "Alarms could not be looked after, which is tried again: {Error}")]
    public static partial void NotSwept(ILogger logger, string error);
}
