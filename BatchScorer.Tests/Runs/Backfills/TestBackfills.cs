using BatchScorer.Postgres;
using BatchScorer.Runs;
using BatchScorer.Runs.Backfills;
using BatchScorer.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchScorer.Tests.Runs.Backfills;

/// <summary>A job over customers that changed one an hour from 2020 on, ten days of 24, and what it takes to backfill it.</summary>
internal sealed class TestBackfills : IAsyncDisposable
{
    public const int Rows = 240;

    private readonly Database database;

    private TestBackfills(Database database, TestJob job)
    {
        this.database = database;
        Job = job;
        Store = new BackfillStore(database);
        Planner = new BackfillPlanner(database, new WindowStates(database));
        var cancellation = new RunCancellation(database);
        Cancellation = new BackfillCancellation(database, cancellation);
        Runner = new BackfillRunner(
            database,
            new RunPlanner(database, TimeProvider.System, NullLogger<RunPlanner>.Instance),
            new RunWorker(database, new RunCloser(database, NullLogger<RunCloser>.Instance), cancellation, NullLogger<RunWorker>.Instance),
            Store,
            TimeProvider.System);
        Catalog = new BackfillCatalog(database);
    }

    public TestJob Job { get; }

    public BackfillStore Store { get; }

    public BackfillPlanner Planner { get; }

    public BackfillRunner Runner { get; }

    public BackfillCancellation Cancellation { get; }

    public BackfillCatalog Catalog { get; }

    /// <summary>The ten days.</summary>
    public static BackfillRequest TenDays { get; } = new() { From = "2020-01-01", To = "2020-01-11", Every = "1.00:00:00" };

    public static async Task<TestBackfills> CreateAsync(TestDatabase test)
    {
        await CustomersTable.CreateAsync(test, Rows);
        await test.ExecuteAsync("UPDATE customers SET updated_at = timestamptz '2020-01-01Z' + (customer_id - 100001) * interval '1 hour'");
        var job = await TestJob.CreateAsync(test, "churn", CustomersTable.Source);
        await job.AppliedAsync();
        return await OverAsync(test, job);
    }

    /// <summary>What it takes to backfill another job, which goes with it.</summary>
    public static async Task<TestBackfills> OverAsync(TestDatabase test, TestJob job) => new(await Database.OpenAsync(test.ConnectionString, default), job);

    /// <summary>Has the job score with its second model from now on.</summary>
    public void Promote() => Job.Job = Job.Job with
    {
        ModelFile = Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "churn", "model-v2.zip"),
    };

    public async Task<BackfillPlan> PlanAsync(BackfillRequest request)
    {
        var job = await JobPreparation.PrepareAsync(database, Job.Registry, Job.Job, default);
        using var model = job.Model;
        return await Planner.PlanAsync(job, request, default);
    }

    /// <summary>Writes a backfill, and does not work on it.</summary>
    public async Task<long> AskAsync(BackfillRequest request, int parallel = 1, bool enqueued = false)
    {
        var job = await JobPreparation.PrepareAsync(database, Job.Registry, Job.Job, default);
        using var model = job.Model;
        return await Store.InsertAsync(job, await Planner.PlanAsync(job, request, default), parallel, enqueued, default);
    }

    /// <summary>Works on a backfill until it is over.</summary>
    public async Task<(BackfillRecord Backfill, RunEnd End)> WorkAsync(long id, IProgress<BackfillProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var backfill = await Store.ReadAsync(id, default);
        var job = await JobPreparation.PrepareAsync(database, backfill.Manifest, default);
        using var model = job.Model;
        var end = await Runner.RunAsync(backfill, job, partitions: null, progress ?? new Told(_ => { }), cancellationToken);
        return (await Catalog.ReadAsync(id, default), end);
    }

    public async Task<(BackfillRecord Backfill, RunEnd End)> RunAsync(BackfillRequest request, int parallel = 1) => await WorkAsync(await AskAsync(request, parallel));

    public async Task<(BackfillRecord Backfill, RunEnd End)> ResumeAsync(long id)
    {
        await Store.ReopenAsync(await Store.ReadAsync(id, default), enqueue: false, default);
        return await WorkAsync(id);
    }

    public async ValueTask DisposeAsync()
    {
        await Job.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>Reports at once, on the thread that has something to report.</summary>
    public sealed class Told(Action<BackfillProgress> tell) : IProgress<BackfillProgress>
    {
        public void Report(BackfillProgress value) => tell(value);
    }
}
