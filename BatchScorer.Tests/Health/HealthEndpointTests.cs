using System.Net;
using System.Net.Sockets;
using BatchScorer.Errors;
using BatchScorer.Health;
using BatchScorer.Tests.Cli;
using BatchScorer.Tests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Tests.Health;

/// <summary>The endpoint as a host has it, asked by HTTP and by the command.</summary>
internal sealed class HealthEndpointTests
{
    private const string Setting = "BATCHSCORER_BatchScorer__HealthAddress";

    private readonly string address = $"http://127.0.0.1:{FreePort()}";
    private CollectedLogs logs = null!;

    [SetUp]
    public void CollectLogs() => logs = new CollectedLogs();

    [TearDown]
    public void DropLogs() => logs.Dispose();

    [TestCase(HealthStatus.Healthy, HttpStatusCode.OK)]
    [TestCase(HealthStatus.Degraded, HttpStatusCode.OK)]
    [TestCase(HealthStatus.Unhealthy, HttpStatusCode.ServiceUnavailable)]
    public async Task Readiness_is_what_the_checks_say_and_liveness_is_an_answer(HealthStatus status, HttpStatusCode expected)
    {
        await using var endpoint = await StartAsync(new HealthCheckResult(status, "db.example.org is away"));
        using var client = new HttpClient();

        using var live = await client.GetAsync($"{address}/health/live");
        using var ready = await client.GetAsync($"{address}/health/ready");

        Assert.That((live.StatusCode, await live.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.OK, "Healthy")));
        Assert.That((ready.StatusCode, await ready.Content.ReadAsStringAsync()), Is.EqualTo((expected, status.ToString())));
        Assert.That(logs.Lines.Where(line => line.Name == "NotReady").Select(line => line.Text),
            Is.EqualTo(status is HealthStatus.Healthy ? [] : new[] { "Not ready, says the check database: db.example.org is away" }));
    }

    [Test]
    public async Task The_command_asks_the_host_on_the_same_machine()
    {
        await using var endpoint = await StartAsync(HealthCheckResult.Unhealthy("away"));

        var live = await AskAsync("health", "--live");
        var ready = await AskAsync("health", "--ready");

        Assert.That((live.ExitCode, live.Results), Is.EqualTo((ExitCode.Done, $"{address}/health/live answers Healthy.\n")));
        Assert.That((ready.ExitCode, ready.Progress), Is.EqualTo((ExitCode.Unavailable, $"{address}/health/ready answers 503 Unhealthy: its log says what is wrong.\n")));
    }

    [Test]
    public async Task Where_nobody_answers_the_command_says_so()
    {
        var answer = await AskAsync("health", "--live");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Unavailable));
        Assert.That(answer.Progress, Does.StartWith($"Nobody answers at {address}/health/live: ").And.EndWith("with the same BatchScorer:HealthAddress.\n"));
    }

    [Test]
    public async Task Where_it_is_switched_off_there_is_nobody_to_ask()
    {
        var answer = await Invocation.RunAsync(new Dictionary<string, string> { [Setting] = "off" }, "health", "--ready");

        Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.BadConfiguration, "BatchScorer:HealthAddress is off, so there is nobody to ask.\n")));
    }

    [Test]
    public async Task An_address_that_is_taken_stops_only_a_host_for_which_it_was_chosen()
    {
        await using var first = await StartAsync(HealthCheckResult.Healthy());

        await using var second = await StartAsync(HealthCheckResult.Healthy(), mayFail: true);

        Assert.That(logs.Names(), Is.EqualTo(new[] { "Listening", "NotListening" }));
        Assert.That(async () => await StartAsync(HealthCheckResult.Healthy()), Throws.InstanceOf<IOException>());
    }

    private Task<Invocation> AskAsync(params string[] arguments) => Invocation.RunAsync(new Dictionary<string, string> { [Setting] = address }, arguments);

    private async Task<HealthEndpoint> StartAsync(HealthCheckResult result, bool mayFail = false)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddHealthChecks().AddCheck("database", () => result);
        var checks = services.BuildServiceProvider().GetRequiredService<HealthCheckService>();
        var endpoint = new HealthEndpoint(HealthAddress.Parse("setting", address)!, mayFail, checks, [], logs.CreateLogger<HealthEndpoint>());
        try
        {
            await endpoint.StartAsync(default);
            return endpoint;
        }
        catch
        {
            await endpoint.DisposeAsync();
            throw;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
