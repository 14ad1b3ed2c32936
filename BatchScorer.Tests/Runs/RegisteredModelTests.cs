using BatchScorer.Errors;
using BatchScorer.Exchange.Scoring;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Registry.Golden;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Registry;

namespace BatchScorer.Tests.Runs;

/// <summary>Jobs that name a registered model: what a run scores with, and from when on the next one.</summary>
internal sealed class RegisteredModelTests(ServerKind kind) : DatabaseTests(kind)
{
    private const int Rows = 40;

    private static readonly string First = TestJob.GoldenModel("churn");
    private static readonly string Second = Path.Combine(Path.GetDirectoryName(First)!, "model-v2.zip");

    private TestRegistry registry = null!;

    [SetUp]
    public async Task RegisterTwoVersions()
    {
        registry = new TestRegistry(Database);
        await CustomersTable.CreateAsync(Database, Rows);
        await registry.RegisterAsync("churn@1", First, await GoldenRowsAsync(First));
        await registry.RegisterAsync("churn@2", Second, await GoldenRowsAsync(Second));
    }

    [TearDown]
    public void CloseRegistry() => registry.Dispose();

    [Test]
    public async Task The_next_run_takes_up_a_promotion_and_a_rollback_and_each_freezes_its_bytes()
    {
        await registry.PromoteAsync("churn@1");
        await using var job = await CreateAsync();
        var versions = new List<(string, string)>();

        await RunAsync();
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
        await registry.PromoteAsync("churn@2");
        await RunAsync();
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.Not.EqualTo(CustomersTable.ExpectedScores(Rows)));
        await registry.RollBackAsync("churn");
        await RunAsync();

        Assert.That(versions, Is.EqualTo(new[] { ("churn 1", Sha(First)), ("churn 2", Sha(Second)), ("churn 1", Sha(First)) }));
        Assert.That(await Database.ScalarAsync<string>("SELECT manifest -> 'job' -> 'model' ->> 'name' || coalesce(manifest -> 'job' -> 'model' ->> 'version', ' and no version') FROM scoring.runs WHERE run_id = 2"), Is.EqualTo("churn and no version"), "the job as it was");
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));

        async Task RunAsync()
        {
            var (run, end) = await job.RunAsync();
            Assert.That(end.Error, Is.Null);
            versions.Add(($"{run.ModelName} {run.ModelVersion}", run.ModelSha256));
        }
    }

    [Test]
    public async Task A_run_that_is_resumed_keeps_its_model_whatever_is_promoted_and_needs_no_store()
    {
        await registry.PromoteAsync("churn@1");
        await using var job = await CreateAsync();
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 10 } };
        using var stop = new CancellationTokenSource();
        var stopAfterOne = new ScheduledProgress(() => stop.Cancel());
        await Assert.ThatAsync(() => job.RunAsync(partitions: 1, stopAfterOne, cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        await registry.PromoteAsync("churn@2");
        Directory.Delete(registry.Store, recursive: true);
        Directory.Delete(registry.Cache, recursive: true);

        var (run, end) = await job.RunAsync();

        Assert.That((run.RunId, run.ModelVersion, end.Error), Is.EqualTo((1, "1", null as string)));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
        await Assert.ThatAsync(() => job.RunAsync(), Throws.TypeOf<BatchScorerException>().With.Property("ExitCode").EqualTo(ExitCode.Unavailable).And.Message.Contains("model.name: The model store is out of reach"));
    }

    [Test]
    public async Task A_job_may_stay_with_a_version()
    {
        await registry.PromoteAsync("churn@2");
        await using var job = await CreateAsync(version: "1");

        Assert.That((await job.RunAsync()).Run.ModelVersion, Is.EqualTo("1"));
    }

    [Test]
    public async Task A_model_whose_golden_rows_no_longer_match_writes_nothing()
    {
        await registry.PromoteAsync("churn@1");
        await using var job = await CreateAsync();
        await Database.ExecuteAsync(
            """
            ALTER TABLE scoring.model_versions DISABLE TRIGGER refuse_change;
            UPDATE scoring.model_versions SET golden_rows = jsonb_set(golden_rows, '{outputs,2,values,1}', '"0.25"') WHERE version = '1';
            ALTER TABLE scoring.model_versions ENABLE TRIGGER refuse_change;
            """);

        await Assert.ThatAsync(() => job.RunAsync(), Throws.TypeOf<BatchScorerException>().With.Message.Contains(
            "model.name: Model churn@1 no longer scores as it did when it was registered: golden row 2, column \"Probability\": the model answers 0.24659815, and 0.25 is recorded (engine Compiled). Nothing is written with it"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.Zero);
    }

    [Test]
    public async Task A_job_whose_model_has_no_champion_says_what_to_do()
    {
        await using var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source, registry: registry.Models);
        Name(job, version: null);

        await Assert.ThatAsync(() => job.RunAsync(), Throws.TypeOf<BatchScorerException>().With.Property("ExitCode").EqualTo(ExitCode.BadConfiguration)
            .And.Message.EqualTo("job.json: model.name: No version of model \"churn\" is promoted yet: run `batchscorer models promote churn@2`, or name a version."));
    }

    private static string Sha(string file) => ModelFile.Read(file).Sha256;

    private static async Task<GoldenRows> GoldenRowsAsync(string file)
    {
        using var model = ModelLoader.Load(ModelFile.Read(file), EngineChoice.Auto);
        return (await GoldenFile.ScoreAsync(Path.Combine(Path.GetDirectoryName(First)!, "input.csv"), model, new Dictionary<string, string>(), default)).Rows;
    }

    private static void Name(TestJob job, string? version) => job.Job = job.Job with
    {
        ModelFile = null,
        Definition = job.Definition with { Model = new JobModel { Name = "churn", Version = version }, Source = CustomersTable.Source with { Cursor = null, Mode = SourceMode.All } },
    };

    private async Task<TestJob> CreateAsync(string? version = null)
    {
        var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source, registry: registry.Models);
        Name(job, version);
        return await job.AppliedAsync();
    }

    /// <summary>Acts when the first chunk is done, before the next begins.</summary>
    private sealed class ScheduledProgress(Action act) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.RowsDone > 0)
                act();
        }
    }
}
