using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Telemetry;
using Quartz.Diagnostics;

namespace BatchScorer.Tests.Telemetry;

internal sealed class TelemetryExportTests
{
    private const string Metrics = "/v1/metrics";
    private const string Traces = "/v1/traces";

    // Far below the minute that the slow collector takes, far above what a busy machine does.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    [Test]
    public async Task What_was_measured_is_sent_when_the_process_ends()
    {
        await using var collector = await Collector.StartAsync();

        Measure(collector.PatientVariables);

        Assert.That(collector.Paths, Is.EqualTo(new[] { Metrics, Traces }));
        foreach (var text in new[] { "batchscorer.rows", "{row}", "batchscorer.job", "churn", "service.name", "batchscorer" })
            Assert.That(collector.Has(Metrics, text), text);
        foreach (var text in new[] { "chunk", "batchscorer.run.id", "batchscorer.read.seconds" })
            Assert.That(collector.Has(Traces, text), text);
    }

    [Test]
    public async Task The_name_of_the_service_is_the_environments_where_it_has_one()
    {
        await using var collector = await Collector.StartAsync();

        Measure(new Dictionary<string, string>(collector.PatientVariables) { ["OTEL_SERVICE_NAME"] = "churn-of-the-north" });

        Assert.That(collector.Has(Metrics, "churn-of-the-north"));
    }

    [TestCase("OTEL_SDK_DISABLED", "true", "")]
    [TestCase("OTEL_TRACES_EXPORTER", "none", Metrics)]
    [TestCase("OTEL_METRICS_EXPORTER", "none", Traces)]
    public async Task What_the_environment_switches_off_is_not_sent(string variable, string value, string sent)
    {
        await using var collector = await Collector.StartAsync();

        Measure(new Dictionary<string, string>(collector.PatientVariables) { [variable] = value });

        Assert.That(string.Join(' ', collector.Paths), Is.EqualTo(sent));
    }

    [Test]
    public void Without_a_collector_nobody_listens()
    {
        using var export = TelemetryExport.Start(new Dictionary<string, string>());

        using var span = RunSpans.Run("churn", "manual");
        Assert.That(span, Is.Null);
        Assert.That(JobMetrics.Wanted, Is.False);
    }

    [Test]
    public async Task A_collector_that_does_not_answer_holds_the_end_two_seconds_at_most()
    {
        await using var collector = await Collector.StartAsync(delay: TimeSpan.FromMinutes(1));

        var taken = Measure(collector.Variables);

        Assert.That(taken, Is.LessThan(TelemetryExport.LastWait + Slack));
    }

    [Test]
    public void A_collector_that_is_away_costs_nothing_but_what_it_would_have_had()
    {
        var taken = Measure(new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{FreePort()}" });

        Assert.That(taken, Is.LessThan(TelemetryExport.LastWait + Slack));
    }

    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT")]
    [TestCase("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")]
    public void An_address_that_is_none_is_refused_by_its_variable(string variable)
    {
        var fault = Assert.Throws<BatchScorerException>(() => TelemetryExport.Start(new Dictionary<string, string> { [variable] = "collector:4317" }));

        Assert.That((fault!.ExitCode, fault.Message), Is.EqualTo((ExitCode.BadConfiguration,
            $"The environment variable {variable} is \"collector:4317\", expected the address of a collector such as http://localhost:4317.")));
    }

    [Test]
    public void Quartz_is_heard_under_the_name_it_has() =>
        Assert.That(TelemetryExport.Meters, Does.Contain(QuartzInstrumentation.MeterName).And.Contain("Npgsql").And.Contain(Instrumentation.Name));

    /// <summary>Measures a chunk with an export, and ends that.</summary>
    /// <returns>How long the end took.</returns>
    private static TimeSpan Measure(IReadOnlyDictionary<string, string> variables)
    {
        var export = TelemetryExport.Start(variables);
        using (RunSpans.Chunk("churn", 17, 0, 1))
        {
            var time = TimeSpan.FromMilliseconds(5);
            ChunkMetrics.Done("churn", "Compiled", scored: 1000, rejected: 1, time, time, time);
            RunSpans.ChunkDone(1000, 1, time, time, time);
        }

        var ended = Stopwatch.GetTimestamp();
        export.Dispose();
        return Stopwatch.GetElapsedTime(ended);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
