using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;
using Dapper;

namespace BatchScorer.Tests.Runs;

internal sealed class RunControlTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task An_abandoned_run_gives_its_window_back_and_is_never_worked_on_again()
    {
        await using var job = await FailedAsync(CustomersTable.Source);
        await AbandonAsync(1);

        Assert.That(await Database.QueryAsync<string>("SELECT state || ': ' || error FROM scoring.runs"), Is.EqualTo(new[] { "abandoned: abandoned on request; before, it had failed: not today (P0001)" }));
        Assert.That(await Database.QueryAsync<string>("SELECT DISTINCT state FROM scoring.chunks"), Is.EqualTo(new[] { "failed" }));
        Assert.That(await Database.QueryAsync<string?>("SELECT next_from FROM scoring.jobs"), Is.EqualTo(new string?[] { null }));

        var abandoned = await RunStore.ReadAsync(Database.DataSource, 1, default);
        var resumed = await job.Runner.ResumeAsync(abandoned, acceptRejected: true, new Progress<RunProgress>(), default);
        Assert.That(resumed, Is.EqualTo(new RunEnd(ExitCode.Failed, "abandoned on request; before, it had failed: not today (P0001)")));
        Assert.That(await Database.QueryAsync<string>("SELECT DISTINCT state FROM scoring.chunks"), Is.EqualTo(new[] { "failed" }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions"), Is.Zero);

        await MendAsync();
        var (next, _) = await job.RunAsync();
        Assert.That((next.RunId, next.State, next.RowsRead, next.WindowFrom), Is.EqualTo((2, "published", 20, (string?)null)));
    }

    [Test]
    public async Task The_staged_rows_of_an_abandoned_run_go_with_it()
    {
        await using var job = await FailedAsync(CustomersTable.Source with { Cursor = null, Mode = SourceMode.Unscored });
        Assert.That(await Database.ScalarAsync<string>("SELECT to_regclass('scoring.source_of_run_1')::text"), Is.Not.Null);

        await AbandonAsync(1);

        Assert.That(await Database.ScalarAsync<string>("SELECT to_regclass('scoring.source_of_run_1')::text"), Is.Null);
    }

    [Test]
    public async Task A_run_that_somebody_works_on_is_left_alone()
    {
        await using var job = await FailedAsync(CustomersTable.Source);
        await using var worker = await Database.DataSource.OpenConnectionAsync();
        await using var lease = await worker.BeginTransactionAsync();
        await worker.ExecuteAsync("SELECT FROM scoring.chunks LIMIT 1 FOR NO KEY UPDATE");

        var fault = await Assert.ThrowsAsync<BatchScorerException>(() => AbandonAsync(1));

        Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.UnderWayElsewhere));
        Assert.That(await Database.ScalarAsync<string>("SELECT state FROM scoring.runs"), Is.EqualTo("failed"));
    }

    [Test]
    public async Task A_published_run_cannot_be_abandoned()
    {
        await CustomersTable.CreateAsync(Database, 5);
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        await job.RunAsync();

        var fault = await Assert.ThrowsAsync<BatchScorerException>(() => AbandonAsync(1));

        Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(fault!.Message, Does.StartWith("Run 1 of job job is published, expected one that is planned, running, failed, cancelled or held"));
    }

    private async Task<TestJob> FailedAsync(JobSource source)
    {
        await CustomersTable.CreateAsync(Database, 20);
        await Database.ExecuteAsync(
            """
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not today'; END $$;
            CREATE TRIGGER fail BEFORE UPDATE OF rows_read ON scoring.chunks FOR EACH ROW EXECUTE FUNCTION fail();
            """);
        var job = await (await TestJob.CreateAsync(Database, "churn", source)).AppliedAsync();
        var (run, _) = await job.RunAsync();
        Assert.That(run.State, Is.EqualTo("failed"));
        return job;
    }

    private Task MendAsync() => Database.ExecuteAsync("DROP TRIGGER fail ON scoring.chunks");

    private async Task AbandonAsync(long runId)
    {
        await using var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);
        await new RunControl(database).AbandonAsync(runId, default);
    }
}
