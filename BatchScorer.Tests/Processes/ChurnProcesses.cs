using BatchScorer.Jobs;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Processes;

/// <summary>A job over the demo's customers, in a database and in a folder of job files, that processes of the real program run.</summary>
internal sealed class ChurnProcesses : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly DirectoryInfo folder;

    private ChurnProcesses(TestDatabase database, DirectoryInfo folder, TestJob job)
    {
        this.database = database;
        this.folder = folder;
        Job = job;
    }

    /// <summary>The same job, to be run in the test's own process.</summary>
    public TestJob Job { get; }

    public static async Task<ChurnProcesses> CreateAsync(TestDatabase database, int rows, int chunkRows, TimeSpan? chunkTime = null, JobSource? source = null)
    {
        await CustomersTable.CreateAsync(database, rows);
        var job = await TestJob.CreateAsync(database, "churn", source ?? CustomersTable.Source);
        job.Definition = job.Definition with
        {
            Work = new JobWork { ChunkRows = chunkRows },
            Limits = job.Definition.Limits with { ChunkTime = chunkTime ?? job.Definition.Limits.ChunkTime },
        };
        await job.AppliedAsync();

        var folder = Directory.CreateTempSubdirectory("batchscorer-jobs-");
        File.Copy(TestJob.GoldenModel("churn"), Path.Combine(folder.FullName, job.Definition.Model.Path));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "job.json"), System.Text.Json.JsonSerializer.Serialize(job.Definition, JobJson.Options));
        return new ChurnProcesses(database, folder, job);
    }

    /// <summary>Starts <c>batchscorer</c> with these arguments.</summary>
    public ScoringProcess Start(string? checkpoint, params string[] arguments) => ScoringProcess.Start(database, folder.FullName, checkpoint, arguments);

    /// <summary>Checks that each of the first customers has its one score, and no other.</summary>
    public async Task AssertScoredAsync(int rows)
    {
        var scores = await database.QueryAsync<(long Id, float Score)>("SELECT customer_id, score FROM scoring.job_predictions ORDER BY customer_id");
        Assert.That(scores, Is.EqualTo(CustomersTable.ExpectedScores(rows)));
    }

    public async ValueTask DisposeAsync()
    {
        await Job.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
