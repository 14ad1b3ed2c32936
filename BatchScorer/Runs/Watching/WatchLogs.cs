using Microsoft.Extensions.Logging;

namespace BatchScorer.Runs.Watching;

/// <summary>What is said of values that drift. Event ids 700 to 799 are this folder's; docs/operating.md lists them.</summary>
internal static partial class WatchLogs
{
    [LoggerMessage(EventId = 700, Level = LogLevel.Warning,
        Message = "Run {RunId} of job {Job}: {Columns} columns have drifted, most of all {Column}: {Measure} is {Value:0.####}, the limit {Limit:0.####}; {Detail}")]
    public static partial void Drifted(ILogger logger, long runId, string job, int columns, string column, string measure, double value, double limit, string detail);
}
