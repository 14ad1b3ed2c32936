using System.Diagnostics.Metrics;

namespace BatchScorer.Telemetry;

/// <summary>How far behind jobs are, as the ledger has it.</summary>
internal static class JobMetrics
{
    private static readonly Gauge<double> Lag = Instrumentation.Meter.CreateGauge<double>(
        "batchscorer.job.lag", "s", "How far the start of the job's next window lies behind the server's clock; of jobs whose cursor is a time");

    private static readonly Gauge<double> Age = Instrumentation.Meter.CreateGauge<double>(
        "batchscorer.job.age", "s", "Since the job's last run was published");

    /// <summary>Whether anybody wants to know: the ledger has to be asked for it.</summary>
    public static bool Wanted => Lag.Enabled || Age.Enabled;

    /// <summary>What the ledger says of a job.</summary>
    /// <param name="lag">Null where the cursor is no time, or has not begun.</param>
    /// <param name="age">Null before the first run.</param>
    public static void Observed(string job, TimeSpan? lag, TimeSpan? age)
    {
        KeyValuePair<string, object?> ofJob = new(TagNames.Job, job);
        if (lag is { } behind)
            Lag.Record(behind.TotalSeconds, ofJob);
        if (age is { } since)
            Age.Record(since.TotalSeconds, ofJob);
    }
}
