using Microsoft.Extensions.Logging;

namespace BatchScorer.Quality;

/// <summary>What is logged of labels and quality.</summary>
internal static partial class QualityLogs
{
    [LoggerMessage(EventId = 750, Level = LogLevel.Information, Message = "Job {Job}: {Labels} labels read, {Changed} labelled predictions changed")]
    public static partial void LabelsTakenUp(ILogger logger, string job, long labels, long changed);

    [LoggerMessage(EventId = 751, Level = LogLevel.Warning, Message = "Job {Job} has run, but its labels are not taken up: {Fault}")]
    public static partial void LabelsNotTakenUp(ILogger logger, string job, string fault);
}
