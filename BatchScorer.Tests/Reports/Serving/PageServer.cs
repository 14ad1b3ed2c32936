using System.Net;
using System.Net.Sockets;
using BatchScorer.Errors;
using BatchScorer.Health;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Reports;
using BatchScorer.Reports.Overview;
using BatchScorer.Reports.Serving;
using BatchScorer.Runs;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Tests.Reports.Serving;

/// <summary>The pages as a node serves them, beside health.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly HealthEndpoint endpoint;
    private readonly Database database;
    private readonly HttpClient client;

    private PageServer(HealthEndpoint endpoint, Database database, Uri address)
    {
        this.endpoint = endpoint;
        this.database = database;
        client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    }

    public Uri Address => client.BaseAddress!;

    /// <summary>Starts serving.</summary>
    /// <param name="connectionString">The ledger.</param>
    /// <param name="logs">Told of faults.</param>
    /// <param name="readers">Who may read.</param>
    /// <param name="readJobs">The node's job files; none by default.</param>
    /// <param name="now">The node's time.</param>
    public static async Task<PageServer> StartAsync(
        string connectionString, CollectedLogs logs, PageReaders readers = PageReaders.Local, Func<JobCatalog>? readJobs = null, TimeProvider? now = null)
    {
        var database = await Database.OpenAsync(connectionString, CancellationToken.None);
        var catalog = new RunCatalog(database);
        var jobs = new KnownJobs(readJobs ?? (() => throw new BatchScorerException(ExitCode.BadConfiguration, "no jobs")), logs.CreateLogger<KnownJobs>());
        jobs.Refresh();
        var pages = new RunPages(
            new RunDetailsReader(database, catalog), new OverviewReader(database, catalog), new UpcomingFirings(jobs, now ?? TimeProvider.System), readers, logs.CreateLogger<RunPages>());
        var services = new ServiceCollection();
        services.AddLogging().AddHealthChecks();
        var address = $"http://127.0.0.1:{FreePort()}";
        var endpoint = new HealthEndpoint(
            HealthAddress.Parse("setting", address)!, mayFail: false, services.BuildServiceProvider().GetRequiredService<HealthCheckService>(), [pages], logs.CreateLogger<HealthEndpoint>());
        await endpoint.StartAsync(CancellationToken.None);
        return new PageServer(endpoint, database, new Uri(address));
    }

    /// <summary>Asks.</summary>
    /// <param name="path">For what.</param>
    /// <param name="host">By which name the machine is called; its address by default.</param>
    /// <param name="method">How; GET by default.</param>
    public async Task<(HttpStatusCode Status, string Text, HttpResponseMessage Response)> AskAsync(string path, string? host = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.Host = host;
        var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await endpoint.StopAsync(CancellationToken.None);
        await endpoint.DisposeAsync();
        await database.DisposeAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
