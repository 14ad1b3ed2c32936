using Microsoft.Extensions.Logging;

namespace BatchScorer.Runs.Challengers;

/// <summary>What is logged of challengers. Event ids 770 to 779 are this folder's; docs/operating.md lists them.</summary>
internal static partial class ChallengerLogs
{
    [LoggerMessage(EventId = 770, Level = LogLevel.Warning, Message = "Run {RunId} of job {Job} goes on without its challenger: {Fault}")]
    public static partial void LeftOut(ILogger logger, long runId, string job, string fault);

    [LoggerMessage(EventId = 771, Level = LogLevel.Warning, Message = "Chunk {ChunkNo} of run {RunId} of job {Job} is done, but its challenger is left out of it: {Fault}")]
    public static partial void LeftOutOfChunk(ILogger logger, int chunkNo, long runId, string job, string fault);
}
