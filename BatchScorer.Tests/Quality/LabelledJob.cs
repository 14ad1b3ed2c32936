using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Quality;
using BatchScorer.Quality.Labels;
using BatchScorer.Quality.Slices;
using BatchScorer.Runs;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using BatchScorer.Training.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchScorer.Tests.Quality;

/// <summary>A job over customers, whose runs were published when a test says, and a table of who left.</summary>
internal sealed class LabelledJob : IAsyncDisposable
{
    private readonly TestDatabase test;
    private readonly BatchScorer.Postgres.Database database;

    private LabelledJob(TestDatabase test, BatchScorer.Postgres.Database database, TestJob job)
    {
        this.test = test;
        this.database = database;
        Job = job;
        Quality = new JobQuality(database, NullLogger<JobQuality>.Instance);
        Data = new TrainingData(database, job.Registry, Quality);
    }

    public static JobLabels Labels { get; } = new() { Table = new QualifiedName("public", "outcomes"), Label = "has_left", Time = "happened_at" };

    public TestJob Job { get; }

    public JobQuality Quality { get; }

    public TrainingData Data { get; }

    /// <param name="test">The test's database.</param>
    /// <param name="labels">Where the job's labels are; null for <see cref="Labels"/>.</param>
    /// <param name="rows">How many customers.</param>
    public static async Task<LabelledJob> CreateAsync(TestDatabase test, JobLabels? labels = null, int rows = 6)
    {
        await CustomersTable.CreateAsync(test, rows);
        await test.ExecuteAsync("CREATE TABLE outcomes (customer_id bigint, has_left boolean, happened_at timestamptz)");
        return await CreateAsync(test, "churn", CustomersTable.Source, labels ?? Labels);
    }

    public static async Task<LabelledJob> CreateAsync(TestDatabase test, string model, JobSource source, JobLabels labels, IReadOnlyList<string>? carry = null)
    {
        var job = await TestJob.CreateAsync(test, model, source);
        job.Definition = job.Definition with { Labels = labels, Carry = carry ?? [] };
        await job.AppliedAsync();
        return new LabelledJob(test, await BatchScorer.Postgres.Database.OpenAsync(test.ConnectionString, default), job);
    }

    /// <summary>Scores everything, as if it had been published at an instant.</summary>
    public async Task<long> ScoreAsync(string publishedAt)
    {
        var (run, _) = await Job.RunAsync(request: Job.Definition.Source.Cursor is null ? null : new RunRequest(Trigger.Manual) { Window = new CursorRange(null, null) });
        await test.ExecuteAsync("UPDATE scoring.run_publications SET shown_from = @publishedAt::timestamp AT TIME ZONE 'UTC' WHERE run_id = @run", new { publishedAt, run = run.RunId });
        return run.RunId;
    }

    public Task WithdrawAsync(long run, string at) => test.ExecuteAsync(
        "UPDATE scoring.run_publications SET shown_to = @at::timestamp AT TIME ZONE 'UTC' WHERE run_id = @run AND shown_to IS NULL; UPDATE scoring.runs SET state = 'withdrawn' WHERE run_id = @run", new { run, at });

    public Task PublishAsync(long run, string at) => test.ExecuteAsync(
        "INSERT INTO scoring.run_publications (run_id, shown_from) VALUES (@run, @at::timestamp AT TIME ZONE 'UTC'); UPDATE scoring.runs SET state = 'published' WHERE run_id = @run", new { run, at });

    public Task LabelAsync(long id, bool? hasLeft, string at) =>
        test.ExecuteAsync("INSERT INTO outcomes VALUES (@id, @hasLeft, @at::timestamp AT TIME ZONE 'UTC')", new { id, hasLeft, at });

    public Task<Intake> UpdateAsync(bool all = false) => Quality.UpdateAsync(Job.Job, all, progress: null, default);

    public Task<QualityRecord> ReadAsync(params SliceKind[] kinds) => Quality.ReadAsync(Job.Job, kinds, null, null, detailed: true, default);

    /// <summary>What is labelled: key, run, what happened and when.</summary>
    public Task<IReadOnlyList<string>> LabelledAsync() => test.QueryAsync<string>(
        """
        SELECT concat_ws(' ', array_to_string(key, '/'), 'run', run_id, coalesce(actual_class, actual::text), to_char(label_time AT TIME ZONE 'UTC', 'MM-DD'))
        FROM scoring.labelled_predictions ORDER BY key, run_id
        """);

    public async ValueTask DisposeAsync()
    {
        await Job.DisposeAsync();
        await database.DisposeAsync();
    }
}
