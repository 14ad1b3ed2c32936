using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs;

/// <summary>Published runs that are withdrawn and published again.</summary>
internal sealed class WithdrawalTests(ServerKind kind) : DatabaseTests(kind)
{
    private BatchScorer.Postgres.Database database = null!;

    private RunControl Control => new(database);

    [SetUp]
    public async Task OpenDatabase() => database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);

    [TearDown]
    public async Task CloseDatabase() => await database.DisposeAsync();

    [Test]
    public async Task Readers_see_the_run_before_a_withdrawn_one_until_it_is_published_again()
    {
        await using var job = await ChurnAsync(rows: 3);
        await job.RunAsync();
        await Database.ExecuteAsync("UPDATE customers SET updated_at = now() WHERE customer_id = 100002");
        await job.RunAsync();
        var cursor = await Database.ScalarAsync<string>("SELECT next_from FROM scoring.jobs");
        Assert.That(await ShownAsync(), Is.EqualTo(new long[] { 1, 2, 1 }));

        Assert.That(await Control.WithdrawAsync(2, default), Is.True);
        Assert.That(await ShownAsync(), Is.EqualTo(new long[] { 1, 1, 1 }));
        Assert.That(await Control.WithdrawAsync(1, default), Is.True);
        Assert.That(await ShownAsync(), Is.Empty);
        Assert.That(await Control.PublishAsync(2, default), Is.True);
        Assert.That(await ShownAsync(), Is.EqualTo(new long[] { 2 }));
        Assert.That(await Control.PublishAsync(1, default), Is.True);
        Assert.That(await ShownAsync(), Is.EqualTo(new long[] { 1, 2, 1 }));

        Assert.That(await Database.QueryAsync<string>("SELECT state FROM scoring.runs"), Is.EqualTo(new[] { "published", "published" }));
        Assert.That(await Database.ScalarAsync<string>("SELECT next_from FROM scoring.jobs"), Is.EqualTo(cursor));
        // Every one of the six changes came after the one before it.
        Assert.That(await Database.QueryAsync<string>(
            """
            SELECT run_id || what FROM scoring.run_publications, LATERAL (VALUES (shown_from, '+'), (shown_to, '-')) AS change (at, what)
            WHERE at IS NOT NULL ORDER BY at
            """), Is.EqualTo(new[] { "1+", "2+", "2-", "1-", "2+", "1+" }));
    }

    [Test]
    public async Task What_is_done_already_changes_nothing()
    {
        await using var job = await ChurnAsync(rows: 3);
        await job.RunAsync();

        Assert.That(await Control.PublishAsync(1, default), Is.False);
        await Control.WithdrawAsync(1, default);
        Assert.That(await Control.WithdrawAsync(1, default), Is.False);

        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.run_publications WHERE shown_to > shown_from"), Is.EqualTo(1));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.run_publications"), Is.EqualTo(1));
    }

    [TestCase("planned", "`batchscorer runs resume 1` finishes and publishes it.")]
    [TestCase("failed", "`batchscorer runs resume 1` finishes and publishes it.")]
    [TestCase("abandoned", "`batchscorer run job` plans the next one.")]
    public async Task A_run_that_was_never_published_is_refused(string state, string remedy)
    {
        await using var job = await ChurnAsync(rows: 3);
        await job.RunAsync();
        await Database.ExecuteAsync("UPDATE scoring.runs SET state = @state; DELETE FROM scoring.run_publications", new { state });

        var withdrawn = await Assert.ThrowsAsync<BatchScorerException>(() => Control.WithdrawAsync(1, default));
        var published = await Assert.ThrowsAsync<BatchScorerException>(() => Control.PublishAsync(1, default));

        Assert.That(new[] { withdrawn!.ExitCode, published!.ExitCode }, Is.All.EqualTo(ExitCode.Usage));
        Assert.That(withdrawn.Message, Is.EqualTo($"Run 1 of job job is {state}, expected one that is published: {remedy}"));
        Assert.That(published.Message, Is.EqualTo($"Run 1 of job job is {state}, expected one that is withdrawn: {remedy}"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.run_publications"), Is.Zero);
    }

    [Test]
    public async Task A_withdrawal_waits_for_another_run_that_is_being_published()
    {
        await using var job = await ChurnAsync(rows: 3);
        await job.RunAsync();
        await Database.ExecuteAsync(
            """
            UPDATE customers SET updated_at = now() WHERE customer_id = 100002;
            CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
            CREATE TRIGGER linger AFTER INSERT ON scoring.run_publications FOR EACH ROW EXECUTE FUNCTION linger();
            """);
        var publishing = Task.Run(() => job.RunAsync());
        await UntilAsync("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep')");

        var withdrawing = Control.WithdrawAsync(1, default);
        await UntilAsync("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory')");
        Assert.That(await ShownAsync(), Is.EqualTo(new long[] { 1, 1, 1 }));
        await Task.WhenAll(publishing, withdrawing);

        Assert.That(await ShownAsync(), Is.EqualTo(new long[] { 2 }));
        Assert.That(await Database.ScalarAsync<bool>(
            "SELECT (SELECT shown_to FROM scoring.run_publications WHERE run_id = 1) > (SELECT shown_from FROM scoring.run_publications WHERE run_id = 2)"), Is.True);
    }

    [Test]
    public async Task Many_at_once_leave_each_run_shown_or_hidden_and_never_twice()
    {
        await using var job = await ChurnAsync(rows: 3);
        await job.RunAsync();
        await job.RunAsync(request: new RunRequest(Trigger.Manual) { Window = new(null, null) });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            for (var i = 0; i < 20; i++)
                _ = (worker + i) % 3 == 0 ? await Control.PublishAsync(1 + (i % 2), default) : await Control.WithdrawAsync(1 + (i % 2), default);
        }));

        Assert.That(await Database.ScalarAsync<bool>(
            "SELECT bool_and((state = 'published') = (SELECT count(*) = 1 FROM scoring.run_publications AS shown WHERE shown.run_id = run.run_id AND shown_to IS NULL)) FROM scoring.runs AS run"), Is.True);
        Assert.That(await Database.ScalarAsync<long>(
            "SELECT count(*) FROM (SELECT shown_to > lead(shown_from) OVER (PARTITION BY run_id ORDER BY shown_from) AS twice FROM scoring.run_publications) AS shown WHERE twice"), Is.Zero);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.run_publications"), Is.GreaterThan(2));
    }

    // Others closed it, and somebody was quick.
    [Test]
    public async Task A_run_that_is_withdrawn_before_all_of_its_workers_look_is_done_to_them()
    {
        await using var job = await ChurnAsync(rows: 3);
        await job.RunAsync();
        await Control.WithdrawAsync(1, default);

        var end = await job.Closer.TryCloseAsync(await job.ReadAsync(1), new ChunkSelection(1), job.Definition.Limits, default);

        Assert.That(end, Is.EqualTo(new RunEnd(ExitCode.Done, null)));
    }

    [Test]
    public async Task The_rows_of_a_withdrawn_run_count_as_scored()
    {
        await using var job = await ChurnAsync(rows: 3, CustomersTable.Source with { Cursor = null, Mode = SourceMode.Unscored });
        await job.RunAsync();
        await Control.WithdrawAsync(1, default);

        var (next, _) = await job.RunAsync();

        Assert.That((next.RunId, next.State, next.RowsRead), Is.EqualTo((2, "published", 0)));
    }

    private async Task<TestJob> ChurnAsync(int rows, JobSource? source = null)
    {
        await CustomersTable.CreateAsync(Database, rows);
        return await (await TestJob.CreateAsync(Database, "churn", source ?? CustomersTable.Source)).AppliedAsync();
    }

    /// <summary>The runs whose predictions readers see, in the order of the customers.</summary>
    private Task<IReadOnlyList<long>> ShownAsync() => Database.QueryAsync<long>("SELECT run_id FROM scoring.job_latest ORDER BY customer_id");

    private async Task UntilAsync(string condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await Database.ScalarAsync<bool>(condition))
            await Task.Delay(20, limit.Token);
    }
}
