using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Scheduling;

/// <summary>A job with a file and a schedule, over customers of which one a minute has come in since midnight.</summary>
internal sealed class ScheduledJob : IAsyncDisposable
{
    public const int Rows = 400;

    public static readonly DateTimeOffset Midnight = new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TestDatabase database;
    private readonly TestJob job;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("batchscorer-jobs-");

    private ScheduledJob(TestDatabase database, TestJob job)
    {
        this.database = database;
        this.job = job;
    }

    public static async Task<ScheduledJob> CreateAsync(TestDatabase database, JobSchedule? schedule)
    {
        await CustomersTable.CreateAsync(database, Rows);
        await database.ExecuteAsync(
            "UPDATE customers SET updated_at = @Midnight + (customer_id - @FirstId) * interval '1 minute'", new { Midnight = Midnight.UtcDateTime, CustomersTable.FirstId });
        var job = await TestJob.CreateAsync(database, "churn", CustomersTable.Source);
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 25 } };
        await using (var opened = await Database.OpenAsync(database.ConnectionString, CancellationToken.None))
            await QuartzTables.ApplyAsync(opened, CancellationToken.None);
        var scheduled = new ScheduledJob(database, await job.AppliedAsync());
        File.Copy(TestJob.GoldenModel("churn"), Path.Combine(scheduled.folder.FullName, job.Definition.Model.Path!));
        scheduled.Write(schedule);
        return scheduled;
    }

    public string JobFile => Path.Combine(folder.FullName, "job.json");

    public JobCatalog Read() => JobCatalog.Read(folder.FullName, new JobReader(folder.FullName, ScheduleRules.CronFault));

    /// <summary>Writes the job's file.</summary>
    public void Write(JobSchedule? schedule) => File.WriteAllText(JobFile, TestJob.FileOf(job.Definition with { Schedule = schedule }));

    /// <summary>Has the job wait until a query comes true, from the next writing of its file on.</summary>
    public void WaitFor(string query, TimeSpan limit)
    {
        File.WriteAllText(Path.Combine(folder.FullName, "fresh.sql"), query);
        var fresh = new SourceFreshness { Query = "fresh.sql", Limit = limit, Every = TimeSpan.FromSeconds(1) };
        job.Definition = job.Definition with { Source = job.Definition.Source with { Fresh = fresh } };
    }

    /// <summary>Adds a job over the same rows that follows this one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="model">The file of its model, in the folder.</param>
    public async Task AddFollowerAsync(string name, string model = "model.zip")
    {
        await using var follower = await TestJob.CreateAsync(database, "churn", CustomersTable.Source);
        follower.Definition = job.Definition with { Name = name };
        await follower.AppliedAsync();
        var definition = follower.Definition with { Schedule = new JobSchedule { After = ["job"] }, Model = new JobModel { Path = model } };
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{name}.json"), TestJob.FileOf(definition));
    }

    /// <summary>Writes a file beside the job's own.</summary>
    public void WriteFile(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);

    /// <summary>Runs the job by hand.</summary>
    public Task RunAsync() => job.RunAsync();

    /// <summary>The hours of the slots that have runs that are over, in the order in which these were planned.</summary>
    public async Task<IReadOnlyList<double>> SlotsAsync() =>
        [.. (await database.QueryAsync<DateTime>("SELECT slot FROM scoring.runs WHERE job = 'job' AND state = 'published' AND slot IS NOT NULL ORDER BY run_id")).Select(slot => (slot - Midnight.UtcDateTime).TotalHours)];

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await holds())
        {
            if (patience.IsCancellationRequested)
                Assert.Fail($"This did not happen: {what}");
            await Task.Delay(50);
        }
    }

    /// <summary>Waits until a slot has a run that is over.</summary>
    public Task UntilSlotAsync(double hour) => UntilAsync(async () => (await SlotsAsync()).Contains(hour), $"slot {hour} has its run");

    public async ValueTask DisposeAsync()
    {
        await job.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
