using BatchScorer.Models;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Training;

/// <summary>What is said of trainings. Event ids 780 to 799 are this folder's; docs/operating.md lists them.</summary>
internal static partial class TrainingLogs
{
    [LoggerMessage(EventId = 780, Level = LogLevel.Information, Message = "Job {Job}: training {TrainingId} begins, on {Rows} rows")]
    public static partial void Begun(ILogger logger, string job, long trainingId, long rows);

    [LoggerMessage(EventId = 781, Level = LogLevel.Information, Message = "Job {Job}: its command says: {Line}")]
    public static partial void CommandSaid(ILogger logger, string job, string line);

    [LoggerMessage(EventId = 782, Level = LogLevel.Information, Message = "Job {Job}: training {TrainingId} has ended, and {Model} is {State}")]
    public static partial void Done(ILogger logger, string job, long trainingId, ModelReference model, string state);

    [LoggerMessage(EventId = 783, Level = LogLevel.Warning, Message = "The folder of a training, {Folder}, cannot be removed: {Fault}")]
    public static partial void FolderStays(ILogger logger, string folder, string fault);
}
