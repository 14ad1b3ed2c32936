using System.Diagnostics;
using System.Diagnostics.Metrics;
using BatchScorer.Telemetry;

namespace BatchScorer.Tests.Telemetry;

/// <summary>Something that the program measured.</summary>
internal sealed record Measurement(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags);

/// <summary>Listens to everything that the program measures, as a collector would.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<Measurement> metrics = [];
    private readonly List<Activity> spans = [];
    private readonly MeterListener meters = new();
    private readonly ActivityListener activities;

    public Measurements()
    {
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Instrumentation.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        meters.Start();
        activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Instrumentation.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Add,
        };
        ActivitySource.AddActivityListener(activities);
    }

    public IReadOnlyList<Measurement> Metrics
    {
        get
        {
            lock (gate)
                return [.. metrics];
        }
    }

    /// <summary>The spans that have ended, in the order of their beginnings.</summary>
    public IReadOnlyList<Activity> Spans
    {
        get
        {
            lock (gate)
                return [.. spans.OrderBy(span => span.StartTimeUtc)];
        }
    }

    /// <summary>All that an instrument was told, added up by the value of a tag.</summary>
    public Dictionary<string, double> Sum(string instrument, string tag) => Metrics.Where(metric => metric.Instrument == instrument)
        .GroupBy(metric => (string)metric.Tags[tag]!).ToDictionary(group => group.Key, group => group.Sum(metric => metric.Value));

    public void Dispose()
    {
        meters.Dispose();
        activities.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var measurement = new Measurement(instrument.Name, value, new Dictionary<string, object?>(tags.ToArray()));
        lock (gate)
            metrics.Add(measurement);
    }

    private void Add(Activity span)
    {
        lock (gate)
            spans.Add(span);
    }
}
