using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Runs.Retention;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchScorer.Tests.Runs.Retention;

/// <summary>A job over customers that keeps what it writes for a while.</summary>
internal sealed class RetainedJob : IAsyncDisposable
{
    private readonly TestDatabase test;
    private readonly BatchScorer.Postgres.Database database;

    private RetainedJob(TestDatabase test, BatchScorer.Postgres.Database database, TestJob job)
    {
        this.test = test;
        this.database = database;
        Job = job;
        Retention = new JobRetention(database, NullLogger<JobRetention>.Instance);
        Control = new RunControl(database);
    }

    public TestJob Job { get; }

    public JobRetention Retention { get; }

    public RunControl Control { get; }

    public static async Task<RetainedJob> CreateAsync(TestDatabase test, JobKeep keep, int rows = 6)
    {
        await CustomersTable.CreateAsync(test, rows);
        var job = await TestJob.CreateAsync(test, "churn", CustomersTable.Source);
        job.Definition = job.Definition with { Keep = keep };
        await job.AppliedAsync();
        return new RetainedJob(test, await BatchScorer.Postgres.Database.OpenAsync(test.ConnectionString, default), job);
    }

    /// <summary>Changes these customers and scores them; or all, as they are.</summary>
    public async Task ScoreAsync(params long[] ids)
    {
        string? from = null;
        if (ids.Length > 0)
        {
            from = await test.ScalarAsync<string>("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
            await test.ExecuteAsync("UPDATE customers SET updated_at = clock_timestamp(), seats = seats + 1 WHERE customer_id = ANY (@ids)", new { ids });
        }

        await Job.RunAsync(request: new RunRequest(Trigger.Manual) { Window = new CursorRange(from, null) });
    }

    public Task<RetentionRecord> ApplyAsync() => Retention.ApplyAsync("job", default);

    /// <summary>The run whose prediction readers see of each customer, in order.</summary>
    public Task<IReadOnlyList<long>> ShownAsync() => test.QueryAsync<long>("SELECT run_id FROM scoring.job_latest ORDER BY customer_id");

    /// <summary>The runs that have predictions, with how many.</summary>
    public Task<IReadOnlyList<string>> StoredAsync() => test.QueryAsync<string>("SELECT run_id || ': ' || count(*) FROM scoring.job_predictions GROUP BY run_id ORDER BY run_id");

    public async ValueTask DisposeAsync()
    {
        await Job.DisposeAsync();
        await database.DisposeAsync();
    }
}
