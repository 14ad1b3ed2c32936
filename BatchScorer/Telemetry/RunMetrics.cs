using System.Diagnostics.Metrics;

namespace BatchScorer.Telemetry;

/// <summary>What is counted and timed of whole runs.</summary>
internal static class RunMetrics
{
    private static readonly Counter<long> Runs = Instrumentation.Meter.CreateCounter<long>(
        "batchscorer.runs", "{run}", "Runs that ended. Whoever closes a run counts it, so that each end counts once, however many nodes worked on it");

    private static readonly Histogram<double> Duration = Instrumentation.Meter.CreateHistogram(
        "batchscorer.run.duration", "s", "How long a run was worked on that was published or failed: while one attempt at a chunk or more were under way", advice: Instrumentation.Long);

    private static readonly UpDownCounter<int> Active = Instrumentation.Meter.CreateUpDownCounter<int>(
        "batchscorer.run.active", "{run}", "Runs that this process works on");

    private static readonly Histogram<double> Planning = Instrumentation.Meter.CreateHistogram(
        "batchscorer.planning.duration", "s", "Choosing a run's window, cutting its chunks and writing them", advice: Instrumentation.Short);

    private static readonly Gauge<double> Held = Instrumentation.Meter.CreateGauge<double>(
        "batchscorer.window.held", "s", "How long the transaction had been open that held back the end of the last window planned; 0 when none did");

    /// <summary>A run was closed.</summary>
    /// <param name="state">What it became.</param>
    /// <param name="duration">How long it was worked on; null when that is not settled, since workers are still to stop.</param>
    public static void Ended(string job, string trigger, string state, TimeSpan? duration)
    {
        KeyValuePair<string, object?>[] tags = [new(TagNames.Job, job), new(TagNames.Trigger, trigger), new(TagNames.State, state)];
        Runs.Add(1, tags);
        if (duration is { } taken)
            Duration.Record(taken.TotalSeconds, tags);
    }

    /// <summary>A run was planned.</summary>
    public static void Planned(string job, string trigger, TimeSpan duration, TimeSpan held)
    {
        Planning.Record(duration.TotalSeconds, new(TagNames.Job, job), new(TagNames.Trigger, trigger));
        Held.Record(held.TotalSeconds, new KeyValuePair<string, object?>(TagNames.Job, job));
    }

    /// <summary>This process works on a run, until the result is disposed of.</summary>
    public static IDisposable Working(string job) => new Work(job);

    private sealed class Work : IDisposable
    {
        private readonly KeyValuePair<string, object?> job;

        public Work(string job)
        {
            this.job = new(TagNames.Job, job);
            Active.Add(1, this.job);
        }

        public void Dispose() => Active.Add(-1, job);
    }
}
