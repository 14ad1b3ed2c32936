using System.Diagnostics.Metrics;

namespace BatchScorer.Telemetry;

/// <summary>What is counted and timed of chunks: once a chunk, never once a row.</summary>
internal static class ChunkMetrics
{
    private static readonly Counter<long> Rows = Instrumentation.Meter.CreateCounter<long>(
        "batchscorer.rows", "{row}", "Rows of chunks that were committed, by outcome: scored or rejected. Together they are the rows read");

    private static readonly Histogram<double> Stages = Instrumentation.Meter.CreateHistogram(
        "batchscorer.chunk.stage.duration", "s", "What a chunk that was committed spent on reading, scoring and writing", advice: Instrumentation.Short);

    private static readonly Counter<long> Attempts = Instrumentation.Meter.CreateCounter<long>(
        "batchscorer.chunk.attempts", "{attempt}", "Attempts at chunks, by outcome: done, split (it had grown), retried, failed, or given_up (those that tried it died)");

    private static readonly Counter<long> CutOffs = Instrumentation.Meter.CreateCounter<long>(
        "batchscorer.chunk.cut_offs", "{attempt}", "Attempts of other workers that this process had ended, since they took longer than limits.chunkTime");

    /// <summary>A chunk was committed.</summary>
    public static void Done(string job, string engine, long scored, long rejected, TimeSpan read, TimeSpan score, TimeSpan write)
    {
        KeyValuePair<string, object?> ofJob = new(TagNames.Job, job), ofEngine = new(TagNames.Engine, engine);
        Rows.Add(scored, ofJob, ofEngine, new(TagNames.Outcome, "scored"));
        Rows.Add(rejected, ofJob, ofEngine, new(TagNames.Outcome, "rejected"));
        Stages.Record(read.TotalSeconds, ofJob, ofEngine, new(TagNames.Stage, "read"));
        Stages.Record(score.TotalSeconds, ofJob, ofEngine, new(TagNames.Stage, "score"));
        Stages.Record(write.TotalSeconds, ofJob, ofEngine, new(TagNames.Stage, "write"));
        Attempted(job, "done");
    }

    /// <summary>An attempt ended in another way.</summary>
    /// <param name="outcome"><c>split</c>, <c>retried</c>, <c>failed</c> or <c>given_up</c>.</param>
    public static void Attempted(string job, string outcome) =>
        Attempts.Add(1, new(TagNames.Job, job), new(TagNames.Outcome, outcome));

    /// <summary>Attempts that took too long were ended.</summary>
    public static void CutOff(string job, int attempts) => CutOffs.Add(attempts, new KeyValuePair<string, object?>(TagNames.Job, job));
}
