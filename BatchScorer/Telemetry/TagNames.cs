namespace BatchScorer.Telemetry;

/// <summary>
/// The names of tags. Metrics only have those with few values; what tells one run or chunk from another stands on spans alone.
/// </summary>
internal static class TagNames
{
    /// <summary>The job's name.</summary>
    public const string Job = "batchscorer.job";

    /// <summary>Why the run exists: <c>schedule</c>, <c>manual</c>, <c>backfill</c>, <c>catchup</c> or <c>replay</c>.</summary>
    public const string Trigger = "batchscorer.trigger";

    /// <summary>What the run became: <c>published</c>, <c>failed</c>, <c>cancelled</c>, or <c>succeeded</c> where it is held.</summary>
    public const string State = "batchscorer.state";

    /// <summary>What became of a row or of an attempt.</summary>
    public const string Outcome = "batchscorer.outcome";

    /// <summary>What an alarm is about, as the property of the job is called that has the limit.</summary>
    public const string Alarm = "batchscorer.alarm";

    /// <summary><c>Compiled</c> or <c>MLNet</c>.</summary>
    public const string Engine = "batchscorer.engine";

    /// <summary><c>read</c>, <c>score</c> or <c>write</c>.</summary>
    public const string Stage = "batchscorer.stage";

    /// <summary>Number of the run; on spans only.</summary>
    public const string RunId = "batchscorer.run.id";

    /// <summary>Number of the chunk within its run; on spans only.</summary>
    public const string ChunkNo = "batchscorer.chunk.no";

    /// <summary>Which attempt at the chunk it is, from 1; on spans only.</summary>
    public const string Attempt = "batchscorer.chunk.attempt";

    /// <summary>OpenTelemetry's own name for what something failed with: a SQLSTATE or the type of an exception.</summary>
    public const string Error = "error.type";
}
