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

    public static async Task<ChurnProcesses> CreateAsync(TestDatabase database, int rows, int chunkRows, TimeSpan? chunkTime = null, JobSource? source = null, JobSchedule? schedule = null)
    {
        await CustomersTable.CreateAsync(database, rows);
        var job = await TestJob.CreateAsync(database, "churn", source ?? CustomersTable.Source);
        job.Definition = job.Definition with
        {
            Schedule = schedule,
            Work = new JobWork { ChunkRows = chunkRows },
            Limits = job.Definition.Limits with { ChunkTime = chunkTime ?? job.Definition.Limits.ChunkTime },
        };
        await job.AppliedAsync();

        var folder = Directory.CreateTempSubdirectory("batchscorer-jobs-");
        File.Copy(TestJob.GoldenModel("churn"), Path.Combine(folder.FullName, job.Definition.Model.Path!));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "job.json"), TestJob.FileOf(job.Definition));
        return new ChurnProcesses(database, folder, job);
    }

    /// <summary>Starts <c>batchscorer</c> with these arguments.</summary>
    public ScoringProcess Start(string? checkpoint, params string[] arguments) => ScoringProcess.Start(database, folder.FullName, checkpoint, arguments);

    /// <summary>Starts <c>batchscorer serve</c>.</summary>
    /// <param name="cluster">Whether as a node of a cluster, whose tables have to be there; it soon misses nodes that die.</param>
    public ScoringProcess Serve(bool cluster) =>
        ScoringProcess.Start(database.ConnectionString, folder.FullName, checkpoint: null, NodeSettings.Of(cluster), "serve");

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
