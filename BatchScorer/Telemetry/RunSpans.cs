using System.Diagnostics;

namespace BatchScorer.Telemetry;

/// <summary>The spans of a run. Each is null while nobody listens.</summary>
/// <remarks>
/// A chunk is one span: it reads, scores and writes batch by batch in turn, so that its stages are sums, told as tags, and no spans of their own.
/// </remarks>
internal static class RunSpans
{
    public const string RunName = "run";
    public const string PlanName = "plan";
    public const string WorkName = "work";
    public const string ChunkName = "chunk";
    public const string LoadName = "load model";

    /// <summary>All that a command or a schedule has this process do about one run of a job.</summary>
    public static Activity? Run(string job, string trigger) => Start(RunName, job)?.SetTag(TagNames.Trigger, trigger);

    /// <summary>Planning, until the run is in the ledger.</summary>
    public static Activity? Plan(string job) => Start(PlanName, job);

    /// <summary>What this process does on the chunks of a run.</summary>
    public static Activity? Work(string job, long runId) => Start(WorkName, job)?.SetTag(TagNames.RunId, runId);

    /// <summary>One attempt at a chunk.</summary>
    public static Activity? Chunk(string job, long runId, int chunkNo, int attempt) =>
        Start(ChunkName, job)?.SetTag(TagNames.RunId, runId).SetTag(TagNames.ChunkNo, chunkNo).SetTag(TagNames.Attempt, attempt);

    /// <summary>Loading a model.</summary>
    public static Activity? Load(string model) => Instrumentation.Spans.StartActivity(LoadName)?.SetTag("batchscorer.model", model);

    /// <summary>Tells the span of the chunk that is under way what became of it.</summary>
    public static void ChunkDone(long scored, long rejected, TimeSpan read, TimeSpan score, TimeSpan write) => UnderWay?
        .SetTag(TagNames.Outcome, "done")
        .SetTag("batchscorer.rows.scored", scored)
        .SetTag("batchscorer.rows.rejected", rejected)
        .SetTag("batchscorer.read.seconds", read.TotalSeconds)
        .SetTag("batchscorer.score.seconds", score.TotalSeconds)
        .SetTag("batchscorer.write.seconds", write.TotalSeconds);

    /// <inheritdoc cref="ChunkDone"/>
    /// <param name="outcome">As <see cref="ChunkMetrics.Attempted"/> counts it.</param>
    /// <param name="error">A SQLSTATE or the type of an exception; no message, which may quote what is in a row. Null where nothing failed.</param>
    public static void ChunkEnded(string outcome, string? error)
    {
        UnderWay?.SetTag(TagNames.Outcome, outcome);
        if (error is not null)
            UnderWay?.SetTag(TagNames.Error, error).SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Marks the span that is under way with an alarm that its run has raised.</summary>
    public static void Alarm(string kind) => Activity.Current?.AddEvent(new ActivityEvent("alarm", tags: new() { [TagNames.Alarm] = kind }));

    private static Activity? UnderWay => Activity.Current is { OperationName: ChunkName, Source.Name: Instrumentation.Name } chunk ? chunk : null;

    private static Activity? Start(string name, string job) => Instrumentation.Spans.StartActivity(name)?.SetTag(TagNames.Job, job);
}
