using System.Diagnostics.Metrics;

namespace BatchScorer.Telemetry;

/// <summary>What is counted and timed of what runs depend on: the model and the server.</summary>
internal static class ResourceMetrics
{
    private static readonly Histogram<double> Loads = Instrumentation.Meter.CreateHistogram(
        "batchscorer.model.load.duration", "s", "Loading a model from its bytes", advice: Instrumentation.Short);

    private static readonly Counter<long> Outages = Instrumentation.Meter.CreateCounter<long>(
        "batchscorer.database.outages", "{outage}", "Times the database was away, or at its limits, and was waited for");

    private static readonly Counter<double> Away = Instrumentation.Meter.CreateCounter<double>(
        "batchscorer.database.away", "s", "Seconds the database was waited for until it was back");

    /// <summary>A model was loaded.</summary>
    public static void ModelLoaded(string engine, TimeSpan duration) => Loads.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(TagNames.Engine, engine));

    /// <summary>The database is away.</summary>
    public static void DatabaseAway() => Outages.Add(1);

    /// <summary>The database is back.</summary>
    public static void DatabaseBack(TimeSpan after) => Away.Add(after.TotalSeconds);
}
