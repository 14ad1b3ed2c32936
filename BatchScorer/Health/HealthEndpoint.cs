using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Health;

/// <summary>
/// Answers over HTTP whether this process is well: <c>/health/live</c> whenever it can answer at all, <c>/health/ready</c> when every check
/// passes. 200 and <c>Healthy</c> (or <c>Degraded</c>), otherwise 503 and <c>Unhealthy</c>; nothing else, since anybody may ask.
/// The pages that are served beside it decide by themselves whom they answer.
/// </summary>
/// <param name="address">Where.</param>
/// <param name="mayFail">Whether the process goes on without, where the address is taken: nobody has chosen it.</param>
/// <param name="checks">What readiness means.</param>
/// <param name="pages">What else is answered there.</param>
internal sealed class HealthEndpoint(
    HealthAddress address, bool mayFail, HealthCheckService checks, IEnumerable<IServedPages> pages, ILogger<HealthEndpoint> logger) : IHostedService, IAsyncDisposable
{
    public const string Live = "/health/live";
    public const string Ready = "/health/ready";

    private WebApplication? server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(address.Listen).ConfigureKestrel(options => options.AddServerHeader = false);
        // The checks are the host's: this server only passes questions on.
        builder.Services.AddRoutingCore().AddSingleton(checks).AddSingleton<IHostLifetime, HostsLifetime>();
        server = builder.Build();
        server.UseRouting();
        server.MapHealthChecks(Live, new HealthCheckOptions { Predicate = _ => false });
        server.MapHealthChecks(Ready, new HealthCheckOptions { ResponseWriter = (context, report) => WriteAsync(context, report) });
        foreach (var served in pages)
            served.Map(server);
        try
        {
            await server.StartAsync(cancellationToken);
            HealthLogs.Listening(logger, address.Listen);
        }
        catch (IOException fault) when (mayFail)
        {
            HealthLogs.NotListening(logger, address.Listen, fault.Message);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    // What is wrong goes to the log; it may name hosts and users.
    private async Task WriteAsync(HttpContext context, HealthReport report)
    {
        foreach (var (name, entry) in report.Entries.Where(entry => entry.Value.Status is not HealthStatus.Healthy))
            HealthLogs.NotReady(logger, name, entry.Description ?? entry.Exception?.Message ?? entry.Status.ToString());
        await context.Response.WriteAsync(report.Status.ToString());
    }

    /// <summary>Signals are the host's: this server starts and stops with it.</summary>
    private sealed class HostsLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
