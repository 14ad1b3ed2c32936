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

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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
        File.Copy(TestJob.GoldenModel("churn"), Path.Combine(scheduled.folder.FullName, job.Definition.Model.Path));
        scheduled.Write(schedule);
        return scheduled;
    }

    public string JobFile => Path.Combine(folder.FullName, "job.json");

    public JobCatalog Read() => JobCatalog.Read(folder.FullName, new JobReader(folder.FullName, ScheduleRules.CronFault));

    /// <summary>Writes the job's file.</summary>
    public void Write(JobSchedule? schedule) => File.WriteAllText(JobFile, TestJob.FileOf(job.Definition with { Schedule = schedule }));

    /// <summary>The hours of the slots that have runs that are over, in the order in which these were planned.</summary>
    public async Task<IReadOnlyList<double>> SlotsAsync() =>
        [.. (await database.QueryAsync<DateTime>("SELECT slot FROM scoring.runs WHERE state = 'published' ORDER BY run_id")).Select(slot => (slot - Midnight.UtcDateTime).TotalHours)];

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
