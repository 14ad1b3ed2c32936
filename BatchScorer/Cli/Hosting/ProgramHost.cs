using BatchScorer.Alarms;
using BatchScorer.Checkpoints;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Quality;
using BatchScorer.Quality.Challengers;
using BatchScorer.Reports;
using BatchScorer.Runs;
using BatchScorer.Runs.Backfills;
using BatchScorer.Runs.Retention;
using BatchScorer.Scheduling;
using BatchScorer.Training;
using BatchScorer.Training.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BatchScorer.Cli.Hosting;

/// <summary>The settings, services and logs of one command.</summary>
internal sealed class ProgramHost : IDisposable, IAsyncDisposable
{
    private readonly IHost host;
    private readonly string contentFolder;

    private ProgramHost(IHost host, string contentFolder)
    {
        this.host = host;
        this.contentFolder = contentFolder;
    }

    public ILogger Logger => host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("BatchScorer");

    public BatchScorerSettings Settings => host.Services.GetRequiredService<IOptions<BatchScorerSettings>>().Value;

    /// <summary>The connection string, or null where no database is configured.</summary>
    public string? ConnectionString => ConnectionSetting.Find(host.Services.GetRequiredService<IConfiguration>(), contentFolder);

    public string JobsFolder => Path.GetFullPath(Settings.JobsFolder, contentFolder);

    /// <summary>A host for what needs no database.</summary>
    /// <param name="environment">Where settings come from.</param>
    /// <param name="overrides">Settings that win over all others.</param>
    /// <exception cref="BatchScorerException">A setting is wrong.</exception>
    public static ProgramHost Build(ProgramEnvironment environment, IEnumerable<KeyValuePair<string, string?>> overrides) =>
        Build(CreateBuilder(environment, overrides), environment);

    /// <summary>A host whose services reach the configured database.</summary>
    /// <exception cref="BatchScorerException">A setting is wrong, or there is no way to the database.</exception>
    public static Task<ProgramHost> ConnectAsync(
        ProgramEnvironment environment, IEnumerable<KeyValuePair<string, string?>> overrides, CancellationToken cancellationToken) =>
        ConnectAsync(environment, overrides, serves: false, cancellationToken);

    /// <inheritdoc cref="ConnectAsync(ProgramEnvironment, IEnumerable{KeyValuePair{string, string?}}, CancellationToken)"/>
    /// <param name="environment">Where settings come from.</param>
    /// <param name="overrides">Settings that win over all others.</param>
    /// <param name="serves">Whether it is to run jobs on their schedules, by <see cref="ServeAsync"/>.</param>
    public static async Task<ProgramHost> ConnectAsync(
        ProgramEnvironment environment, IEnumerable<KeyValuePair<string, string?>> overrides, bool serves, CancellationToken cancellationToken)
    {
        Checkpoint.Arm(environment.Variables.GetValueOrDefault(Checkpoint.Variable));
        var builder = CreateBuilder(environment, overrides, serves);
        var database = await Database.OpenAsync(ConnectionSetting.Require(builder.Configuration, environment.ContentFolder), cancellationToken);
        builder.Services
            .AddSingleton(services => database.LoggingTo(services.GetRequiredService<ILogger<Database>>()))
            .AddSingleton(_ => TelemetryExport.Start(environment.Variables))
            .AddModelRegistry(database)
            .AddSingleton<RunPlanner>()
            .AddSingleton<RunCloser>()
            .AddSingleton<RunCancellation>()
            .AddSingleton<RunWorker>()
            .AddSingleton<JobRunner>()
            .AddSingleton<RunCatalog>()
            .AddSingleton<RunDetailsReader>()
            .AddSingleton<RejectedRowCatalog>()
            .AddSingleton<RunControl>()
            .AddSingleton<JobRetention>()
            .AddSingleton<JobQuality>()
            .AddAlarms(environment.Variables)
            .AddSingleton<ModelComparison>()
            .AddSingleton<PromotionContest>()
            .AddSingleton<TrainingData>()
            .AddSingleton<TrainingStore>()
            .AddSingleton<TrainedModels>()
            .AddSingleton<JobTraining>()
            .AddSingleton<WindowStates>()
            .AddSingleton<BackfillPlanner>()
            .AddSingleton<BackfillStore>()
            .AddSingleton<BackfillRunner>()
            .AddSingleton<BackfillCancellation>()
            .AddSingleton<BackfillCatalog>();
        if (serves)
            ServingHost.Add(builder, database, environment.ContentFolder);
        var host = Build(builder, environment);
        _ = host.Get<TelemetryExport>();
        return host;
    }

    /// <summary>Runs what the host has to do by itself, until it is told to stop or a part of it fails.</summary>
    /// <returns>Whether it stopped because it was told to.</returns>
    public async Task<bool> ServeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop while it starts; what is interrupted by that has words of its own for it.
            await host.StopAsync(CancellationToken.None);
            return true;
        }

        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        await Task.Delay(Timeout.Infinite, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await host.StopAsync(CancellationToken.None);
        return cancellationToken.IsCancellationRequested;
    }

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    /// <summary>Reads the job files as they are now.</summary>
    public JobCatalog ReadJobs() => ReadJobs(Settings, contentFolder);

    /// <inheritdoc cref="ReadJobs()"/>
    public static JobCatalog ReadJobs(BatchScorerSettings settings, string contentFolder) => JobCatalog.Read(
        Path.GetFullPath(settings.JobsFolder, contentFolder), new JobReader(Path.GetFullPath(settings.SourcesFolder, contentFolder), ScheduleRules.CronFault));

    public void Dispose() => host.Dispose();

    public async ValueTask DisposeAsync()
    {
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            host.Dispose();
    }

    private static ProgramHost Build(HostApplicationBuilder builder, ProgramEnvironment environment)
    {
        var host = builder.Build();
        try
        {
            host.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException fault)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration, string.Join('\n', fault.Failures.Select(failure => $"{(fault.OptionsType == typeof(BatchScorerSettings) ? BatchScorerSettings.Section : SettingNames.QuartzSection)}:{failure.TrimEnd('.')}.")), fault);
        }

        return new ProgramHost(host, environment.ContentFolder);
    }

    private static HostApplicationBuilder CreateBuilder(
        ProgramEnvironment environment, IEnumerable<KeyValuePair<string, string?>> overrides, bool isService = false)
    {
        // The host's own defaults would read every environment variable, take our arguments for settings and log to standard output.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = environment.ContentFolder, ApplicationName = "batchscorer" });
        builder.Configuration.AddConfiguration(ReadSettings(environment, overrides), shouldDisposeConfiguration: true);
        ConsoleLogs.Add(builder.Logging, builder.Configuration, environment.HasColours, isService);
        builder.Services.AddSingleton(TimeProvider.System).AddModelFiles(environment.ContentFolder);
        builder.Services.AddSingleton<IValidateOptions<BatchScorerSettings>, BatchScorerSettingsValidator>();
        builder.Services.AddOptions<BatchScorerSettings>().BindConfiguration(BatchScorerSettings.Section).ValidateOnStart();
        return builder;
    }

    private static IConfigurationRoot ReadSettings(ProgramEnvironment environment, IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        try
        {
            var settings = new ConfigurationBuilder()
                // What Quartz does at its start is of interest to few, and its jobs tell of their faults themselves.
                .AddInMemoryCollection(
                [
                    KeyValuePair.Create("Logging:LogLevel:Quartz", (string?)nameof(LogLevel.Warning)),
                    KeyValuePair.Create("Logging:LogLevel:Quartz.Core.JobRunShell", (string?)nameof(LogLevel.None)),
                ])
                .AddJsonFile(environment.SettingsPath, optional: true)
                .AddInMemoryCollection(environment.Settings)
                .AddInMemoryCollection(overrides)
                .Build();
            SettingNames.Check(settings, environment.SettingsPath);
            return settings;
        }
        catch (InvalidDataException fault)
        {
            throw new BatchScorerException(
                ExitCode.BadConfiguration, $"{environment.SettingsPath} cannot be read: {fault.GetBaseException().Message}", fault);
        }
    }
}
