using BatchScorer.Alarms;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Quality;
using BatchScorer.Runs;
using BatchScorer.Runs.Backfills;
using BatchScorer.Runs.Retention;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Registry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace BatchScorer.Tests.Scheduling;

/// <summary>A node in the test's own process, with a clock and pools of connections of its own.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    /// <summary>The environment variable by which a job names the secret of its webhook.</summary>
    public const string SecretName = "TEST_SECRET";

    public const string Secret = "the secret of a test";

    private readonly IHost host;
    private readonly Database database;

    private TestNode(IHost host, Database database)
    {
        this.host = host;
        this.database = database;
    }

    public ValueTask<IScheduler> SchedulerAsync() => host.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();

    /// <summary>Starts a node.</summary>
    /// <param name="test">Its database, with Quartz's tables if it is one of a cluster.</param>
    /// <param name="options">What it does; it looks after its files and runs more often than real ones do.</param>
    /// <param name="readJobs">Its job files.</param>
    /// <param name="time">Its clock.</param>
    public static async Task<TestNode> StartAsync(TestDatabase test, NodeOptions options, Func<JobCatalog> readJobs, TimeProvider? time = null)
    {
        var database = await Database.OpenAsync(test.ConnectionString, CancellationToken.None);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(new TestLog()).AddFilter("Quartz", LogLevel.Warning);
        builder.Services
            .AddSingleton<IHostLifetime, NoLifetime>()
            .AddSingleton(_ => database)
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton(_ => TestRegistry.WithoutModels(database))
            .AddSingleton<RunPlanner>()
            .AddSingleton<RunCloser>()
            .AddSingleton<RunCancellation>()
            .AddSingleton<RunWorker>()
            .AddSingleton<JobRunner>()
            .AddSingleton<JobQuality>()
            .AddSingleton<RunCatalog>()
            .AddSingleton<JobRetention>()
            .AddAlarms(new Dictionary<string, string> { [SecretName] = Secret })
            .AddSingleton<BackfillStore>()
            .AddSingleton<BackfillRunner>()
            .AddSingleton<BackfillCatalog>()
            .AddScheduling(
                database,
                options with { ReadJobsEvery = TimeSpan.FromMilliseconds(200), SweepEvery = TimeSpan.FromMilliseconds(500) },
                readJobs,
                new ConfigurationBuilder().AddInMemoryCollection(Impatient).Build());
        var host = builder.Build();
        await host.StartAsync();
        return new TestNode(host, database);
    }

    /// <summary>Quartz's settings by which a test waits no longer than it has to.</summary>
    public static IReadOnlyDictionary<string, string?> Impatient { get; } = new Dictionary<string, string?>
    {
        ["Scheduler:IdleWaitTime"] = "00:00:01",
        ["JobStore:MisfireHandlerFrequency"] = "00:00:01",
        ["Clustering:CheckinInterval"] = "00:00:01",
        ["Clustering:CheckinMisfireThreshold"] = "00:00:02",
    };

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        await database.DisposeAsync();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Shows with the test what a node has to say.</summary>
    private sealed class TestLog : ILoggerProvider, ILogger
    {
        private readonly TextWriter output = TestContext.Out;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            output.WriteLine($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
