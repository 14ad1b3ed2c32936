using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace BatchScorer.Tests.Telemetry;

/// <summary>Takes what is sent by OTLP over HTTP, and may take its time about it.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<(string Path, byte[] Body)> received = [];
    private readonly WebApplication server;

    private Collector(TimeSpan delay)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.Run(async context =>
        {
            await Task.Delay(delay, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            lock (gate)
                received.Add((context.Request.Path, body.ToArray()));
        });
    }

    /// <summary>The environment variables that lead to it.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };

    /// <summary>The same, with time enough for a machine that has much to do.</summary>
    public Dictionary<string, string> PatientVariables => new(Variables) { ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "60000" };

    /// <summary>Paths to which something was sent.</summary>
    public IEnumerable<string> Paths
    {
        get
        {
            lock (gate)
                return [.. received.Select(request => request.Path).Distinct().Order()];
        }
    }

    public static async Task<Collector> StartAsync(TimeSpan delay = default)
    {
        var collector = new Collector(delay);
        await collector.server.StartAsync();
        return collector;
    }

    /// <summary>Whether a text stands in what was sent to a path.</summary>
    public bool Has(string path, string text)
    {
        lock (gate)
            return received.Any(request => request.Path == path && request.Body.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
