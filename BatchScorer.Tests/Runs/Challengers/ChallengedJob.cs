using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Registry;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Tests.Runs.Challengers;

/// <summary>A job over customers with a challenger: the second version of its model, or one that reads other columns.</summary>
internal sealed class ChallengedJob : IAsyncDisposable
{
    /// <summary>A model with the outputs of the job's own that reads nothing but the vector in <c>features</c>.</summary>
    public const string Vectors = "vectors@1";

    /// <summary>A later version of the job's own model.</summary>
    public const string Second = "churn@2";

    private ChallengedJob(TestRegistry registry, TestJob job)
    {
        Registry = registry;
        Job = job;
    }

    public TestRegistry Registry { get; }

    public TestJob Job { get; }

    /// <summary>Makes customers, each with a vector of features, the models, and the job's tables.</summary>
    public static async Task<ChallengedJob> CreateAsync(TestDatabase test, string challenger, int rows = 40, ILoggerFactory? loggers = null)
    {
        await CustomersTable.CreateAsync(test, rows);
        await test.ExecuteAsync(
            """
            ALTER TABLE customers ADD features real[];
            UPDATE customers SET features = ARRAY[customer_id % 7, 0.8, 0.9, 0, customer_id % 3, 18.7, 1.3, -0.5]::real[];
            """);
        var registry = new TestRegistry(test);
        await registry.RegisterAsync("churn@1", TestJob.GoldenModel("churn"));
        await registry.RegisterAsync(Second, SecondFile);
        await registry.RegisterAsync(Vectors, TestJob.GoldenModel("vector_input"));
        await registry.PromoteAsync("churn@1");
        var job = await TestJob.CreateAsync(test, "churn", CustomersTable.Source, registry: registry.Models, loggers: loggers);
        job.Job = job.Job with { ModelFile = null, Definition = job.Definition with { Model = new JobModel { Name = "churn" }, Challenger = challenger } };
        return new ChallengedJob(registry, await job.AppliedAsync());
    }

    public static string SecondFile { get; } = Path.Combine(Path.GetDirectoryName(TestJob.GoldenModel("churn"))!, "model-v2.zip");

    /// <summary>Scores everything.</summary>
    public async Task<RunRecord> RunAsync(int chunkRows = 1000)
    {
        Job.Definition = Job.Definition with { Work = new JobWork { ChunkRows = chunkRows } };
        var (run, end) = await Job.RunAsync(request: new RunRequest(Trigger.Manual) { Window = new CursorRange(null, null) });
        Assert.That(end.Error, Is.Null);
        return run;
    }

    public async ValueTask DisposeAsync()
    {
        await Job.DisposeAsync();
        Registry.Dispose();
    }
}
