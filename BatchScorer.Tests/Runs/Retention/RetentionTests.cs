using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Tests.Postgres;
using Npgsql;

namespace BatchScorer.Tests.Runs.Retention;

/// <summary>What goes of a job's predictions when it keeps them no longer, and what stays.</summary>
internal sealed class RetentionTests(ServerKind kind) : DatabaseTests(kind)
{
    private const long First = CustomersTable.FirstId;

    private static readonly JobKeep Keep = new() { Predictions = TimeSpan.FromDays(30) };
    private static readonly JobKeep KeepNewest = Keep with { Newest = true };

    [Test]
    public async Task Predictions_go_by_whole_partitions_when_all_in_one_are_old()
    {
        await using var job = await RetainedJob.CreateAsync(Database, Keep);
        await job.ScoreAsync();
        await Database.AgeAsync(20);
        await job.ScoreAsync();
        await Database.AgeAsync(10);
        Assert.That((await job.ApplyAsync()).Partitions, Is.Empty, "the first run is 30 days old, and not older");
        await Database.AgeAsync(1);

        var planned = await job.Retention.LookAsync("job", default);
        var gone = await job.ApplyAsync();

        Assert.That(planned.Partitions.Select(partition => (partition.From, partition.Goes)), Is.EqualTo(new[] { ((DateOnly?)Today.AddDays(-31), true) }));
        Assert.That(gone.Partitions, Is.EqualTo(planned.Partitions));
        Assert.That(await job.StoredAsync(), Is.EqualTo(new[] { "2: 6" }));
        Assert.That((await job.ApplyAsync()).Partitions, Is.Empty);
    }

    [Test]
    public async Task Without_a_word_on_it_nothing_goes()
    {
        await using var job = await RetainedJob.CreateAsync(Database, new JobKeep());
        await job.ScoreAsync();
        await Database.AgeAsync(20_000);

        var record = await job.ApplyAsync();

        Assert.That((record.Partitions.Count, record.Runs, record.RejectedRows, record.WholeSince), Is.EqualTo((0, 0L, 0L, (DateTime?)null)));
        Assert.That(await job.StoredAsync(), Is.EqualTo(new[] { "1: 6" }));
    }

    [TestCase(false, ExpectedResult = new[] { "1: 6", "3: 6" }, TestName = "A_run_that_is_open_keeps_its_partition")]
    [TestCase(true, ExpectedResult = new[] { "1: 6", "2: 6", "3: 6" }, TestName = "Where_the_newest_is_kept_it_keeps_those_after_it_as_well")]
    public async Task<IReadOnlyList<string>> Open(bool newest)
    {
        await using var job = await RetainedJob.CreateAsync(Database, Keep with { Newest = newest });
        await job.ScoreAsync();
        await Database.AgeAsync(1);
        await job.ScoreAsync();
        await Database.AgeAsync(40);
        await job.ScoreAsync();
        await Database.ExecuteAsync("UPDATE scoring.runs SET state = 'failed' WHERE run_id = 1");

        var record = await job.ApplyAsync();

        Assert.That(record.Partitions.Select(partition => (partition.OpenRun, partition.Goes)), Is.EqualTo(new (long?, bool)[] { (1, false), (null, !newest) }));
        return await job.StoredAsync();
    }

    [Test]
    public async Task The_newest_prediction_of_each_key_is_kept_and_readers_see_no_difference()
    {
        await using var job = await RetainedJob.CreateAsync(Database, KeepNewest);
        await job.ScoreAsync();
        await Database.AgeAsync(5);
        await job.ScoreAsync(First, First + 1);
        await Database.AgeAsync(40);
        await job.ScoreAsync(First + 5);
        var shown = await job.ShownAsync();

        var record = await job.ApplyAsync();

        Assert.That(await job.ShownAsync(), Is.EqualTo(shown));
        Assert.That(shown, Is.EqualTo(new long[] { 2, 2, 1, 1, 1, 3 }));
        Assert.That(await job.StoredAsync(), Is.EqualTo(new[] { "1: 4", "2: 2", "3: 1" }), "the last customer's first one was what readers saw 30 days ago");
        Assert.That(record.PredictionsKept, Is.EqualTo(6));
        Assert.That(await Database.QueryAsync<string>("SELECT partition FROM scoring.predictions_partitions('job') ORDER BY 1"),
            Is.EqualTo(new[] { $"job_predictions_{Today:yyyyMMdd}", "job_predictions_kept" }));
        Assert.That(await Database.ScalarAsync<long>("SELECT run_id FROM scoring.explain_prediction('job', @key)", new { key = First + 2 }), Is.EqualTo(1));
    }

    [Test]
    public async Task What_was_kept_goes_when_it_is_the_newest_no_longer()
    {
        await using var job = await RetainedJob.CreateAsync(Database, KeepNewest);
        await job.ScoreAsync();
        await Database.AgeAsync(40);
        await job.ApplyAsync();
        Assert.That(await job.StoredAsync(), Is.EqualTo(new[] { "1: 6" }));
        await job.ScoreAsync(First, First + 1, First + 2);
        await Database.AgeAsync(31);

        await job.ApplyAsync();

        Assert.That(await job.StoredAsync(), Is.EqualTo(new[] { "1: 3", "2: 3" }));
        Assert.That(await job.ShownAsync(), Is.EqualTo(new long[] { 2, 2, 2, 1, 1, 1 }));
    }

    [Test]
    public async Task What_was_kept_goes_as_a_whole_when_the_job_keeps_the_newest_no_longer()
    {
        await using var job = await RetainedJob.CreateAsync(Database, KeepNewest);
        await job.ScoreAsync();
        await Database.AgeAsync(40);
        await job.ApplyAsync();
        job.Job.Definition = job.Job.Definition with { Keep = Keep };
        await job.Job.AppliedAsync();

        await job.ApplyAsync();

        Assert.That(await job.StoredAsync(), Is.Empty);
    }

    [Test]
    public async Task A_run_whose_predictions_have_gone_is_not_shown_again()
    {
        await using var job = await RetainedJob.CreateAsync(Database, KeepNewest);
        await job.ScoreAsync();
        await Database.AgeAsync(40);
        await job.ScoreAsync(First);
        await job.ApplyAsync();
        await job.Control.WithdrawAsync(1, default);

        var refused = await Assert.ThrowsAsync<BatchScorerException>(() => job.Control.PublishAsync(1, default));

        Assert.That(refused!.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(refused.Message, Does.StartWith("Run 1 of job job cannot be shown again: its predictions, or some of them, have been dropped"));
        Assert.That(await job.ShownAsync(), Is.EqualTo(new long[] { 2 }));
    }

    [Test]
    public async Task A_reader_that_takes_long_keeps_nobody_from_writing_and_nothing_goes_until_it_is_done()
    {
        await using var job = await RetainedJob.CreateAsync(Database, KeepNewest);
        await job.ScoreAsync();
        await Database.AgeAsync(40);
        await using var reader = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await reader.BeginTransactionAsync();
        await using (var query = new NpgsqlCommand("SELECT count(*) FROM scoring.job_latest", reader))
            await query.ExecuteNonQueryAsync();

        var applying = job.ApplyAsync();
        var written = 0;
        for (; !applying.IsCompleted; written++)
        {
            // What every writer takes.
            await Database.ExecuteAsync("BEGIN; SET LOCAL lock_timeout = '2s'; LOCK TABLE scoring.job_predictions IN ROW EXCLUSIVE MODE; ROLLBACK");
            await Task.Delay(50);
        }

        var fault = await Assert.ThrowsAsync<BatchScorerException>(() => applying);
        Assert.That(fault!.Message, Does.StartWith("The predictions of job \"job\" have been in use for 10 s, by the server's process(es) "));
        Assert.That(written, Is.GreaterThan(20));
        Assert.That(await Database.QueryAsync<string>("SELECT partition FROM scoring.predictions_partitions('job')"), Has.None.Contains("kept"));

        await transaction.RollbackAsync();
        Assert.That((await job.ApplyAsync()).PredictionsKept, Is.EqualTo(6));
    }

    [Test]
    public async Task When_it_fails_halfway_all_is_as_it_was()
    {
        await using var job = await RetainedJob.CreateAsync(Database, KeepNewest);
        await job.ScoreAsync();
        await Database.AgeAsync(5);
        await job.ScoreAsync(First);
        await Database.AgeAsync(40);
        var last = (await job.Retention.LookAsync("job", default)).Partitions[^1].Partition;
        await Database.ExecuteAsync($"CREATE VIEW somebodys AS SELECT * FROM scoring.{last}");
        const string Tables = "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relname LIKE 'job_predictions%' AND relkind IN ('r', 'p')";
        var before = await Database.ScalarAsync<string>(Tables);

        Assert.That(async () => await job.ApplyAsync(), Throws.InstanceOf<PostgresException>().With.Message.Contains("cannot drop table"));

        Assert.That(await Database.ScalarAsync<string>(Tables), Is.EqualTo(before));
        Assert.That(await job.StoredAsync(), Is.EqualTo(new[] { "1: 6", "2: 1" }));
        Assert.That(await Database.ScalarAsync<DateTime?>("SELECT whole_since FROM scoring.retention"), Is.Null);
    }

    private static DateOnly Today => DateOnly.FromDateTime(DateTime.UtcNow);
}
