using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Quartz;
using RetryPolicy = Quartz.RetryPolicy;

namespace BatchScorer.Scheduling;

/// <summary>Makes a host into a node that runs jobs on their schedules.</summary>
internal static class SchedulingServices
{
    private static readonly RetryPolicy Retry = RetryPolicy.Exponential(3, TimeSpan.FromMinutes(1));

    /// <summary>Adds Quartz and what it fires.</summary>
    /// <param name="services">With everything that runs need.</param>
    /// <param name="database">Of source, ledger and schedules.</param>
    /// <param name="options">What the node does.</param>
    /// <param name="readJobs">Reads the job files.</param>
    /// <param name="quartz">The settings of Quartz, which win over the defaults here.</param>
    public static IServiceCollection AddScheduling(
        this IServiceCollection services, Database database, NodeOptions options, Func<JobCatalog> readJobs, IConfiguration quartz)
    {
        services
            .AddSingleton(options)
            .AddSingleton(readJobs)
            .AddSingleton<KnownJobs>()
            .AddSingleton<UpcomingFirings>()
            .AddSingleton<FollowingJobs>()
            .AddSingleton<TrainingSchedules>()
            .AddSingleton<OpenRuns>()
            .AddSingleton<PartitionTriggers>()
            .AddSingleton<BackfillTriggers>()
            // Before Quartz, so that jobs are known when they fire.
            .AddHostedService<ScheduleKeeper>();
        if (options.Cluster)
            services.AddSingleton<IRunSpread, QuartzSpread>();
        return services
            .AddQuartz(QuartzSettings.WithDefaults(quartz, options), builder => Configure(builder, database, options))
            .AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = true)
            .AddHostedService<RunSweeper>()
            .AddHostedService<RetentionSweeper>()
            .AddHostedService<AlarmSweeper>()
            .AddHostedService<AlarmTrainings>();
    }

    /// <summary>Adds Quartz's own check: whether its scheduler runs and reaches its store.</summary>
    public static IHealthChecksBuilder AddScheduler(this IHealthChecksBuilder health) => health.AddQuartz();

    private static void Configure(IQuartzBuilder builder, Database database, NodeOptions options)
    {
        builder
            .UseDefaultRetryPolicy(Retry)
            .AddJobTimeout(options.FiringTime)
            .UseExecutionLimits(limits => limits
                .ForGroup(PartitionTriggers.ExecutionGroup, QuartzSettings.NodePartitions(options))
                .ForGroup(BackfillTriggers.ExecutionGroup, BackfillTriggers.MostOfNode)
                .ForGroup(TrainingSchedules.ExecutionGroup, TrainingSchedules.MostOfNode))
            .AddJobType<ScoringJob>()
            .AddJobType<PartitionJob>()
            .AddJobType<BackfillJob>()
            .AddJobType<TrainingJob>();
        if (!options.Cluster)
        {
            builder.UseInMemoryStore().ConfigureScheduler(scheduler => scheduler.InstanceId = Environment.MachineName);
            return;
        }

        builder.UsePersistentStore(store => QuartzTables.Use(store, database).UseClustering().ConfigureStore(settings =>
        {
            settings.AcceptEnlistedTransactions = true;
            settings.RecoverFiringsCancelledByShutdown = true;
        }));
    }
}
