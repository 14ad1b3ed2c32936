using System.Globalization;
using BatchScorer.Errors;
using BatchScorer.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace BatchScorer.Cli.Hosting;

/// <summary>
/// Sends metrics and spans to a collector by OTLP, if OpenTelemetry's own environment variables name one. A collector that is away
/// costs what it would have been sent, and at the end of the process two seconds at most, or the time that the variables give it.
/// </summary>
internal sealed class TelemetryExport : IDisposable
{
    /// <summary>How long the end of the process waits for what is still to be sent, unless the variables say how long sending may take.</summary>
    public static readonly TimeSpan LastWait = TimeSpan.FromSeconds(2);

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Timeout = "OTEL_EXPORTER_OTLP_TIMEOUT";

    // Those of the libraries whose metrics are of use to whoever watches this program. Their spans, one for each statement and each
    // look at the schedule, would bury those of the runs, and statements do not leave the machine unasked.
    internal static readonly string[] Meters = [Instrumentation.Name, "Npgsql", "Quartz"];

    private readonly MeterProvider? metrics;
    private readonly TracerProvider? spans;
    private readonly int lastWait;

    private TelemetryExport(MeterProvider? metrics, TracerProvider? spans, TimeSpan lastWait)
    {
        this.metrics = metrics;
        this.spans = spans;
        this.lastWait = (int)lastWait.TotalMilliseconds;
    }

    /// <summary>Begins to send what the variables ask for.</summary>
    /// <param name="variables">The environment's variables.</param>
    /// <exception cref="BatchScorerException">One of them is no address.</exception>
    public static TelemetryExport Start(IReadOnlyDictionary<string, string> variables)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(variables.Select(variable => KeyValuePair.Create(variable.Key, (string?)variable.Value))).Build();
        return new TelemetryExport(
            Wants(settings, "METRICS") ? StartMetrics(settings) : null,
            Wants(settings, "TRACES") ? StartSpans(settings) : null,
            int.TryParse(settings[Timeout], CultureInfo.InvariantCulture, out var milliseconds) ? TimeSpan.FromMilliseconds(milliseconds) : LastWait);
    }

    public void Dispose()
    {
        // Both at once: the one that cannot be sent must not take the other's time.
        Parallel.Invoke(() => metrics?.Shutdown(lastWait), () => spans?.Shutdown(lastWait));
        metrics?.Dispose();
        spans?.Dispose();
    }

    private static bool Wants(IConfiguration settings, string signal)
    {
        var own = $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";
        var variable = settings[own] is { Length: > 0 } ? own : Endpoint;
        if (settings[variable] is not { Length: > 0 } address || IsSwitchedOff(settings, signal))
            return false;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new BatchScorerException(ExitCode.BadConfiguration, $"The environment variable {variable} is \"{address}\", expected the address of a collector such as http://localhost:4317.");
        return true;
    }

    private static bool IsSwitchedOff(IConfiguration settings, string signal) =>
        string.Equals(settings["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        || string.Equals(settings[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase);

    private static MeterProvider StartMetrics(IConfiguration settings) => Sdk.CreateMeterProviderBuilder()
        .ConfigureServices(services => services.AddSingleton(settings))
        .ConfigureResource(Describe)
        .AddMeter(Meters)
        .AddOtlpExporter()
        .Build();

    private static TracerProvider StartSpans(IConfiguration settings) => Sdk.CreateTracerProviderBuilder()
        .ConfigureServices(services => services.AddSingleton(settings))
        .ConfigureResource(Describe)
        .AddSource(Instrumentation.Name)
        .AddOtlpExporter()
        .Build();

    // What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say comes last, and wins.
    private static void Describe(ResourceBuilder resource) => resource.Clear()
        .AddTelemetrySdk()
        .AddService("batchscorer", serviceVersion: Instrumentation.Version, serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}")
        .AddEnvironmentVariableDetector();
}
