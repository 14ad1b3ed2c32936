using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace BatchScorer.Telemetry;

/// <summary>
/// The meter and the source of spans under whose name everything shows up that this program measures. While nobody listens, which
/// is so unless a collector is configured, an instrument costs one comparison and no span is made.
/// </summary>
/// <remarks>docs/operating.md has every instrument and span, with the questions they answer.</remarks>
internal static class Instrumentation
{
    public const string Name = "BatchScorer";

    public static readonly string Version = typeof(Instrumentation).Assembly.GetName().Version!.ToString(fieldCount: 3);

    public static readonly Meter Meter = new(Name, Version);

    public static readonly ActivitySource Spans = new(Name, Version);

    /// <summary>Buckets for what takes between milliseconds and minutes, in seconds.</summary>
    public static readonly InstrumentAdvice<double> Short = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] };

    /// <summary>Buckets for what takes between a second and a day, in seconds.</summary>
    public static readonly InstrumentAdvice<double> Long = new() { HistogramBucketBoundaries = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 14400, 43200, 86400] };
}
