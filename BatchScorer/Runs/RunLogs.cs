using Microsoft.Extensions.Logging;

namespace BatchScorer.Runs;

/// <summary>What runs say while they are under way. Event ids 200 to 299 are this folder's; docs/operating.md lists them.</summary>
internal static partial class RunLogs
{
    [LoggerMessage(EventId = 200, Level = LogLevel.Information,
        Message = "Run {RunId} of job {Job} is planned by {Trigger}: window from {From} to {To}, {Rows} rows in {Chunks} chunks, planned in {Seconds:0.000} s")]
    public static partial void RunPlanned(ILogger logger, long runId, string job, string trigger, string from, string to, long rows, int chunks, double seconds);

    [LoggerMessage(EventId = 201, Level = LogLevel.Information, Message = "The window of run {RunId} of job {Job} ends early: held back by {Holder}")]
    public static partial void WindowHeld(ILogger logger, long runId, string job, string holder);

    [LoggerMessage(EventId = 202, Level = LogLevel.Information,
        Message = "Run {RunId} of job {Job} is worked on by {Partitions} partitions, {Pending} chunks to go; model {Model} {Version} ({Sha256}) is loaded by engine {Engine}")]
    public static partial void RunStarted(
        ILogger logger, long runId, string job, int partitions, long pending, string model, string version, string sha256, string engine);

    [LoggerMessage(EventId = 203, Level = LogLevel.Information,
        Message = "Run {RunId} of job {Job} is published: {Read} rows read, {Scored} scored, {Rejected} rejected in {Seconds:0.0} s")]
    public static partial void RunPublished(ILogger logger, long runId, string job, long read, long scored, long rejected, double seconds);

    [LoggerMessage(EventId = 204, Level = LogLevel.Error, Message = "Run {RunId} of job {Job} failed: {Error}")]
    public static partial void RunFailed(ILogger logger, long runId, string job, string error);

    [LoggerMessage(EventId = 205, Level = LogLevel.Information, Message = "Run {RunId} of job {Job} is cancelled; this process has stopped working on it")]
    public static partial void RunCancelled(ILogger logger, long runId, string job);

    [LoggerMessage(EventId = 210, Level = LogLevel.Debug, Message = "Chunk {ChunkNo} of run {RunId} of job {Job} is done: {Scored} rows scored, {Rejected} rejected")]
    public static partial void ChunkDone(ILogger logger, int chunkNo, long runId, string job, int scored, int rejected);

    [LoggerMessage(EventId = 211, Level = LogLevel.Warning,
        Message = "Chunk {ChunkNo} of run {RunId} of job {Job} failed at attempt {Attempt} and is tried again after {Seconds:0.0} s: {Error}")]
    public static partial void ChunkRetried(ILogger logger, int chunkNo, long runId, string job, int attempt, double seconds, string error);

    [LoggerMessage(EventId = 212, Level = LogLevel.Error, Message = "Chunk {ChunkNo} of run {RunId} of job {Job} failed for good: {Error}")]
    public static partial void ChunkFailed(ILogger logger, int chunkNo, long runId, string job, string error);

    [LoggerMessage(EventId = 213, Level = LogLevel.Information, Message = "Chunk {ChunkNo} of run {RunId} of job {Job} had grown and is split into {Parts}")]
    public static partial void ChunkSplit(ILogger logger, int chunkNo, long runId, string job, int parts);

    [LoggerMessage(EventId = 214, Level = LogLevel.Warning,
        Message = "{Attempts} attempts at chunks of run {RunId} of job {Job} took longer than {ChunkTime} and were cut off; see scoring.chunk_attempts for the hosts")]
    public static partial void WorkersCutOff(ILogger logger, int attempts, long runId, string job, TimeSpan chunkTime);

    [LoggerMessage(EventId = 220, Level = LogLevel.Information,
        Message = "Job {Job} keeps them no longer: {Partitions} dropped, with {Kept} predictions kept aside; its history is whole since {WholeSince:O}")]
    public static partial void PredictionsDropped(ILogger logger, string job, string partitions, long kept, DateTime? wholeSince);

    [LoggerMessage(EventId = 221, Level = LogLevel.Information, Message = "Job {Job} keeps them no longer: {RejectedRows} rejected rows and {Runs} runs deleted from the ledger")]
    public static partial void LedgerForgotten(ILogger logger, string job, long rejectedRows, long runs);

    [LoggerMessage(EventId = 222, Level = LogLevel.Warning,
        Message = "Job {Job} keeps the predictions in {Partition} no longer, but its run {RunId} is open: finish or abandon it")]
    public static partial void PartitionStays(ILogger logger, string job, string partition, long runId);
}
