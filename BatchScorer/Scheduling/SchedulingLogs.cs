using BatchScorer.Jobs;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Scheduling;

internal static partial class SchedulingLogs
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Job {Job} is scheduled: {Schedule}; next at {Next}")]
    public static partial void Scheduled(ILogger logger, string job, string schedule, string next);

    [LoggerMessage(EventId = 101, Level = LogLevel.Information, Message = "Job {Job} is not scheduled any more")]
    public static partial void Unscheduled(ILogger logger, string job);

    [LoggerMessage(EventId = 102, Level = LogLevel.Information, Message = "No job has a schedule; one in a job file is taken up as soon as it is there")]
    public static partial void NothingScheduled(ILogger logger);

    [LoggerMessage(EventId = 103, Level = LogLevel.Warning, Message = "The job file {File} has faults; the job goes on as it was read before. {Faults}")]
    public static partial void FileBroken(ILogger logger, string file, string faults);

    [LoggerMessage(EventId = 104, Level = LogLevel.Warning, Message = "The job file {File} has faults; the job cannot run. {Faults}")]
    public static partial void FileUnusable(ILogger logger, string file, string faults);

    [LoggerMessage(EventId = 105, Level = LogLevel.Warning, Message = "{Fault} All jobs go on as they were read before")]
    public static partial void FolderUnreadable(ILogger logger, string fault);

    [LoggerMessage(EventId = 106, Level = LogLevel.Warning, Message = "The schedules could not be brought up to date, which is tried again: {Fault}")]
    public static partial void NotUpToDate(ILogger logger, string fault);

    [LoggerMessage(EventId = 107, Level = LogLevel.Information, Message = "Job {Job} is scheduled: {Schedule}")]
    public static partial void Follows(ILogger logger, string job, JobSchedule schedule);

    [LoggerMessage(EventId = 110, Level = LogLevel.Information, Message = "Job {Job}, slot {Slot:u}: run {RunId} is published")]
    public static partial void SlotDone(ILogger logger, string job, DateTimeOffset slot, long runId);

    [LoggerMessage(EventId = 111, Level = LogLevel.Information, Message = "Job {Job}, slot {Slot:u}: had its run already")]
    public static partial void SlotHadItsRun(ILogger logger, string job, DateTimeOffset slot);

    [LoggerMessage(EventId = 112, Level = LogLevel.Error, Message = "Job {Job}, slot {Slot:u}: {Error}")]
    public static partial void SlotFailed(ILogger logger, string job, DateTimeOffset slot, string error);

    [LoggerMessage(EventId = 118, Level = LogLevel.Information,
        Message = "Job {Job}, slot {Slot:u}: the source is not fresh yet; {Query} is asked every {Every} until {Until:u}")]
    public static partial void SourceWaitedFor(ILogger logger, string job, DateTimeOffset slot, string query, TimeSpan every, DateTimeOffset until);

    [LoggerMessage(EventId = 116, Level = LogLevel.Error, Message = "Job {Job}, slot {Slot:u}: unexpected fault")]
    public static partial void SlotFaulted(ILogger logger, string job, DateTimeOffset slot, Exception fault);

    [LoggerMessage(EventId = 117, Level = LogLevel.Error, Message = "A partition of run {RunId} ended with a fault; the others go on")]
    public static partial void PartitionFailed(ILogger logger, long runId, Exception fault);

    [LoggerMessage(EventId = 113, Level = LogLevel.Warning, Message = "Job {Job}: more than {Most} slots were missed; one run, that of slot {Slot:u}, makes up for {Merged} of them")]
    public static partial void SlotsMerged(ILogger logger, string job, int most, DateTimeOffset slot, long merged);

    [LoggerMessage(EventId = 114, Level = LogLevel.Information, Message = "Job {Job}: slot {Slot:u} was missed, and is made up for now")]
    public static partial void SlotMissed(ILogger logger, string job, DateTimeOffset slot);

    [LoggerMessage(EventId = 115, Level = LogLevel.Error, Message = "Job {Job} fired, but this node has no usable file for it: all nodes of a cluster need the same job files")]
    public static partial void JobUnknown(ILogger logger, string job);

    [LoggerMessage(EventId = 120, Level = LogLevel.Information, Message = "Run {RunId} was left open by a worker that has gone, and is closed now")]
    public static partial void RunClosed(ILogger logger, long runId);

    [LoggerMessage(EventId = 121, Level = LogLevel.Warning, Message = "Nobody works on run {RunId} any more, with {Chunks} chunk(s) to do: workers are asked for")]
    public static partial void RunTakenUp(ILogger logger, long runId, long chunks);

    [LoggerMessage(EventId = 122, Level = LogLevel.Warning, Message = "Runs that were left open, and backfills that were enqueued, could not be looked for, which is tried again: {Fault}")]
    public static partial void NotSwept(ILogger logger, string fault);

    [LoggerMessage(EventId = 123, Level = LogLevel.Warning, Message = "What jobs keep no longer could not all be let go of, which is tried again: {Fault}")]
    public static partial void NotRetained(ILogger logger, string fault);

    [LoggerMessage(EventId = 130, Level = LogLevel.Information, Message = "Backfill {BackfillId} of job {Job} was enqueued, and is taken up by this node")]
    public static partial void BackfillTakenUp(ILogger logger, long backfillId, string job);

    [LoggerMessage(EventId = 131, Level = LogLevel.Information, Message = "Backfill {BackfillId} of job {Job}: all {Windows} window(s) are published")]
    public static partial void BackfillDone(ILogger logger, long backfillId, string job, int windows);

    [LoggerMessage(EventId = 132, Level = LogLevel.Error, Message = "Backfill {BackfillId} of job {Job} has failed: {Error}")]
    public static partial void BackfillFailed(ILogger logger, long backfillId, string job, string error);

    [LoggerMessage(EventId = 133, Level = LogLevel.Error, Message = "Backfill {BackfillId} of job {Job} has failed: unexpected fault")]
    public static partial void BackfillFaulted(ILogger logger, long backfillId, string job, Exception fault);

    [LoggerMessage(EventId = 134, Level = LogLevel.Warning, Message = "Backfill {BackfillId} of job {Job} could not go on, which is tried again: {Fault}")]
    public static partial void BackfillRetried(ILogger logger, long backfillId, string job, string fault);

    [LoggerMessage(EventId = 135, Level = LogLevel.Information, Message = "Backfill {BackfillId} of job {Job} was cancelled, and this node has stopped working on it")]
    public static partial void BackfillCancelled(ILogger logger, long backfillId, string job);

    [LoggerMessage(EventId = 140, Level = LogLevel.Information, Message = "The model of job {Job} is trained by schedule: {Schedule}; next at {Next}")]
    public static partial void TrainingScheduled(ILogger logger, string job, string schedule, string next);

    [LoggerMessage(EventId = 141, Level = LogLevel.Information, Message = "The model of job {Job} is not trained by schedule any more")]
    public static partial void TrainingUnscheduled(ILogger logger, string job);

    [LoggerMessage(EventId = 142, Level = LogLevel.Error, Message = "Job {Job}, training of slot {Slot:u}: {Error}")]
    public static partial void TrainingFailed(ILogger logger, string job, DateTimeOffset slot, string error);

    [LoggerMessage(EventId = 143, Level = LogLevel.Error, Message = "Job {Job}, training of slot {Slot:u}: unexpected fault")]
    public static partial void TrainingFaulted(ILogger logger, string job, DateTimeOffset slot, Exception fault);

    [LoggerMessage(EventId = 144, Level = LogLevel.Information, Message = "Job {Job} is being trained, so its slot {Slot:u} is left out")]
    public static partial void TrainingUnderWay(ILogger logger, string job, DateTimeOffset slot);

    [LoggerMessage(EventId = 145, Level = LogLevel.Warning, Message = "It could not be looked whether an alarm asks for a training, which is tried again: {Fault}")]
    public static partial void TrainingNotAsked(ILogger logger, string fault);
}
