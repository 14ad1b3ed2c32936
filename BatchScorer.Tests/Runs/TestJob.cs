using System.Text.Json;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Registry;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Registry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchScorer.Tests.Runs;

/// <summary>A job of a test, and everything it takes to run it.</summary>
internal sealed class TestJob : IAsyncDisposable
{
    private readonly Database database;
    private readonly RunPlanner planner;
    private readonly RunWorker worker;

    /// <summary>Does not let tests wait as long between attempts as real runs do.</summary>
    private static readonly RetryPolicy Retry = new() { FirstDelay = TimeSpan.FromMilliseconds(20), Outage = TimeSpan.FromSeconds(10) };

    private TestJob(Database database, Job job, ILoggerFactory loggers, ModelRegistry? registry)
    {
        this.database = database;
        Registry = registry ?? TestRegistry.WithoutModels(database);
        Job = job;
        Closer = new RunCloser(database, loggers.CreateLogger<RunCloser>());
        Cancellation = new RunCancellation(database);
        worker = new RunWorker(database, Closer, Cancellation, loggers.CreateLogger<RunWorker>()) { Retry = Retry };
        planner = new RunPlanner(database, TimeProvider.System, loggers.CreateLogger<RunPlanner>());
        Runner = new JobRunner(database, Registry, planner, worker);
        Catalog = new RunCatalog(database);
    }

    public Job Job { get; set; }

    public JobDefinition Definition
    {
        get => Job.Definition;
        set => Job = Job with { Definition = value };
    }

    public RunCloser Closer { get; }

    public RunCancellation Cancellation { get; }

    public JobRunner Runner { get; }

    /// <summary>The registered models.</summary>
    public ModelRegistry Registry { get; }

    public RunCatalog Catalog { get; }

    /// <summary>A job over a table with a golden model.</summary>
    /// <param name="test">The test's database, in which the table is.</param>
    /// <param name="model">The golden case whose model scores.</param>
    /// <param name="source">The source.</param>
    /// <param name="query">The text of the source's query, if it is one.</param>
    /// <param name="loggers">Where it logs; nowhere by default.</param>
    /// <param name="connectionString">How it reaches the database, when not as the test does.</param>
    /// <param name="registry">The registered models; none by default.</param>
    public static async Task<TestJob> CreateAsync(
        TestDatabase test, string model, JobSource source, string? query = null, ILoggerFactory? loggers = null, string? connectionString = null,
        ModelRegistry? registry = null)
    {
        var definition = new JobDefinition
        {
            Name = "job",
            Source = source,
            Model = new JobModel { Path = "model.zip" },
            Limits = new JobLimits { RejectedShare = 1 },
        };
        string? queryFile = null;
        if (query is not null)
        {
            queryFile = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.sql");
            await File.WriteAllTextAsync(queryFile, query);
        }

        return new TestJob(
            await Database.OpenAsync(connectionString ?? test.ConnectionString, CancellationToken.None),
            new Job(definition, "job.json", GoldenModel(model), queryFile),
            loggers ?? NullLoggerFactory.Instance,
            registry);
    }

    public static string GoldenModel(string model) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", model, "model.zip");

    /// <summary>The text of a job's file.</summary>
    public static string FileOf(JobDefinition job)
    {
        var file = JsonSerializer.SerializeToNode(job, JobJson.Options)!;
        // The defaults would stand there as if somebody had asked for them.
        if (job.Schedule is { Cron: null })
            file["schedule"]!.AsObject().Remove("timeZone");
        if (job.Schedule is { After: not null })
            file["schedule"]!.AsObject().Remove("missed");
        return file.ToJsonString();
    }

    /// <summary>Makes the job's tables.</summary>
    public async Task<TestJob> AppliedAsync()
    {
        var planned = await JobPreparation.PrepareAsync(database, Registry, Job, CancellationToken.None);
        using (planned)
            await JobTables.ApplyAsync(database, planned, CancellationToken.None);
        return this;
    }

    /// <summary>Plans a run, as somebody does who has not seen that another is open.</summary>
    public async Task<long?> PlanAsync()
    {
        var planned = await JobPreparation.PrepareAsync(database, Registry, Job, CancellationToken.None);
        using (planned)
            return await planner.PlanAsync(planned, new RunRequest(Trigger.Manual), CancellationToken.None);
    }

    /// <summary>Runs the job once.</summary>
    public async Task<(RunRecord Run, RunEnd End)> RunAsync(
        int partitions = 2, IProgress<RunProgress>? progress = null, RunRequest? request = null, CancellationToken cancellationToken = default)
    {
        var (runId, end) = await Runner.RunAsync(Job, request ?? new RunRequest(Trigger.Manual), partitions, progress ?? new Progress<RunProgress>(), cancellationToken);
        return (await Catalog.ReadAsync(runId, CancellationToken.None), end);
    }

    /// <summary>Works on a run with another model in place of its own.</summary>
    public async Task<RunEnd> ResumeAsync(long runId, Func<IModel, IModel> replace)
    {
        var prepared = await JobPreparation.PrepareAsync(database, await ReadAsync(runId), CancellationToken.None);
        using var model = replace(prepared.Model);
        return await worker.WorkAsync(prepared with { Model = model }, Definition.Limits, partitions: 1, new Progress<RunProgress>(), CancellationToken.None);
    }

    /// <summary>The run with everything frozen, as commands read it.</summary>
    public Task<Run> ReadAsync(long runId) => RunStore.ReadAsync(database.Writers, runId, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (Job.QueryFile is not null)
            File.Delete(Job.QueryFile);
        await database.DisposeAsync();
    }
}
