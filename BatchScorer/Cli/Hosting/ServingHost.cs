using BatchScorer.Health;
using BatchScorer.Postgres;
using BatchScorer.Reports.Serving;
using BatchScorer.Runs;
using BatchScorer.Scheduling;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BatchScorer.Cli.Hosting;

/// <summary>What makes the host of a command into one that runs jobs on their schedules.</summary>
internal static class ServingHost
{
    // Whoever stops a service waits 5 s at least; what is left to do then is to let go of the connections.
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(4);

    public static void Add(HostApplicationBuilder builder, Database database, string contentFolder)
    {
        var settings = builder.Configuration.GetSection(BatchScorerSettings.Section).Get<BatchScorerSettings>() ?? new();
        var options = new NodeOptions
        {
            Cluster = settings.Cluster,
            NodePartitions = settings.NodePartitions,
            ClusterPartitions = settings.ClusterPartitions,
            FiringTime = settings.FiringTime,
        };
        const string healthSetting = $"{BatchScorerSettings.Section}:{nameof(BatchScorerSettings.HealthAddress)}";
        var health = HealthAddress.Parse(healthSetting, settings.HealthAddress);
        var quartz = builder.Configuration.GetSection(SettingNames.QuartzSection);
        QuartzSettings.Check(quartz);
        builder.Services
            .AddSingleton<IHostLifetime, SilentLifetime>()
            .Configure<HostOptions>(host => host.ShutdownTimeout = Drain)
            .AddScheduling(database, options, () => ProgramHost.ReadJobs(settings, contentFolder), quartz)
            .AddSingleton<JobFreshness>()
            .AddHostedService<JobFreshnessWatch>()
            .AddRunPages(settings.RunPages)
            .AddHealth(health, isChosen: builder.Configuration[healthSetting] is { Length: > 0 })
            .AddScheduler();
    }

    /// <summary>Signals are the stop request's, for every command in the same way.</summary>
    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
