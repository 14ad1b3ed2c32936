using System.Diagnostics;
using BatchScorer.Jobs;
using BatchScorer.Runs.Backfills;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using BatchScorer.Tests.Runs.Backfills;
using Quartz;
using static BatchScorer.Tests.Scheduling.ScheduledJob;

namespace BatchScorer.Tests.Scheduling;

/// <summary>Backfills that are handed to nodes, which look for them twice a second.</summary>
[OnOneServer]
internal sealed class EnqueuedBackfillTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly BackfillRequest TenDays = TestBackfills.TenDays;
    private static readonly BackfillRequest TwoDays = TenDays with { To = "2020-01-03" };

    // Enough for four looks.
    private static readonly TimeSpan While = TimeSpan.FromSeconds(2);

    private DirectoryInfo noJobs = null!;

    [SetUp]
    public void MakeFolder() => noJobs = Directory.CreateTempSubdirectory("batchscorer-jobs-");

    [TearDown]
    public void DeleteFolder() => noJobs.Delete(recursive: true);

    [TestCase(true, 1)]
    [TestCase(true, 3)]
    [TestCase(false, 1)]
    public async Task Nodes_score_its_windows_each_once_and_leave_those_that_were_not_enqueued(bool cluster, int parallel)
    {
        await using var backfills = await CreateAsync();
        var id = await backfills.AskAsync(TenDays, parallel, enqueued: true);
        var other = await backfills.AskAsync(TenDays);
        await using var one = await ServeAsync(cluster);
        await using var two = await ServeAsync(cluster);

        await UntilAsync(async () => await StateAsync(id) == "succeeded", "the backfill is done");

        Assert.That(await Database.QueryAsync<(long, string, long)>("SELECT backfill_id, state, rows_scored FROM scoring.runs"), Is.EqualTo(Enumerable.Repeat((id, "published", 24L), 10)));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions"), Is.EqualTo(TestBackfills.Rows));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(TestBackfills.Rows)));
        Assert.That(await StateAsync(other), Is.EqualTo("running"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task It_goes_on_with_the_next_node_when_the_one_that_worked_on_it_is_stopped(bool cluster)
    {
        await using var backfills = await CreateAsync();
        await SlowDownAsync(seconds: 60, "NEW.run_id = 2");
        var id = await backfills.AskAsync(TenDays, enqueued: true);
        await using (await ServeAsync(cluster))
            await UntilAsync(() => SleepsAsync(), "the second window is under way");
        Assert.That(await StateAsync(id), Is.EqualTo("running"));
        await Database.ExecuteAsync("DROP TRIGGER slow ON scoring.job_predictions");

        await using var next = await ServeAsync(cluster);
        await UntilAsync(async () => await StateAsync(id) == "succeeded", "the backfill is done");

        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(10));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions"), Is.EqualTo(TestBackfills.Rows));
    }

    [Test]
    public async Task One_with_a_window_that_fails_ends_as_failed_and_is_not_taken_up_again()
    {
        await using var backfills = await CreateAsync();
        backfills.Job.Definition = backfills.Job.Definition with { Limits = new JobLimits { RejectedRows = 0 } };
        await Database.ExecuteAsync("UPDATE customers SET auto_pay = NULL WHERE customer_id = 100030");
        var id = await backfills.AskAsync(TenDays, enqueued: true);
        await using var node = await ServeAsync(cluster: true);

        await UntilAsync(async () => await StateAsync(id) == "failed", "the backfill has failed");
        var attempts = await AttemptsAsync();
        await Task.Delay(While);

        var backfill = await backfills.Catalog.ReadAsync(id, default);
        Assert.That((backfill.State, backfill.WindowsPublished, backfill.WindowsFailed), Is.EqualTo(("failed", 9, 1)));
        Assert.That(backfill.Error, Does.StartWith("1 window(s) of backfill 1 failed").And.Contain("limits.rejectedRows"));
        Assert.That(await AttemptsAsync(), Is.EqualTo(attempts));
    }

    [Test]
    public async Task One_whose_runs_cannot_be_planned_fails_and_says_why()
    {
        await using var backfills = await CreateAsync();
        var id = await backfills.AskAsync(TwoDays, enqueued: true);
        await Database.ExecuteAsync("ALTER TABLE customers DROP COLUMN nps_score");
        await using var node = await ServeAsync(cluster: true);

        await UntilAsync(async () => await StateAsync(id) == "failed", "the backfill has failed");

        Assert.That((await backfills.Catalog.ReadAsync(id, default)).Error, Does.Contain("nps_score").And.EndsWith("`batchscorer backfills resume 1` tries again."));
    }

    [Test]
    public async Task A_cause_that_can_pass_is_tried_again_a_minute_later_and_not_at_every_look()
    {
        await using var backfills = await CreateAsync();
        var id = await backfills.AskAsync(TwoDays, enqueued: true);
        await Database.ExecuteAsync(
            """
            CREATE FUNCTION deadlocked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$;
            CREATE TRIGGER deadlocked BEFORE INSERT ON scoring.runs FOR EACH ROW EXECUTE FUNCTION deadlocked()
            """);
        await using var node = await ServeAsync(cluster: true);
        var scheduler = await node.SchedulerAsync();
        var since = DateTimeOffset.UtcNow;

        await UntilAsync(async () => await NextAsync() > since.AddSeconds(50), "it is tried again later");
        var next = await NextAsync();
        await Task.Delay(While);

        Assert.That((await NextAsync(), await StateAsync(id)), Is.EqualTo((next, "running")));
        Assert.That(await Database.ScalarAsync<long>("SELECT last_value FROM pg_sequences WHERE sequencename = 'runs_run_id_seq'"), Is.EqualTo(1), "one run was tried to be planned");

        async Task<DateTimeOffset?> NextAsync() => (await scheduler.GetTrigger(new TriggerKey("1", "backfills")))?.NextFireTimeUtc;
    }

    [Test]
    public async Task Cancelling_it_stops_the_node_within_five_seconds_and_enqueuing_it_again_goes_on()
    {
        await using var backfills = await CreateAsync();
        await SlowDownAsync(seconds: 60, "NEW.run_id = 2");
        var id = await backfills.AskAsync(TenDays, enqueued: true);
        await using var node = await ServeAsync(cluster: true);
        await UntilAsync(() => SleepsAsync(), "the second window is under way");

        var since = Stopwatch.GetTimestamp();
        await backfills.Cancellation.CancelAsync(id, default);
        await UntilAsync(async () => await FiringsAsync() == 0, "no node works on it");
        Assert.That(Stopwatch.GetElapsedTime(since), Is.LessThan(TimeSpan.FromSeconds(5)));
        await Task.Delay(While);
        Assert.That((await StateAsync(id), await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs")), Is.EqualTo(("cancelled", 2L)));

        await Database.ExecuteAsync("DROP TRIGGER slow ON scoring.job_predictions");
        await backfills.Store.ReopenAsync(await backfills.Store.ReadAsync(id, default), enqueue: true, default);
        await UntilAsync(async () => await StateAsync(id) == "succeeded", "the backfill is done");
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions"), Is.EqualTo(TestBackfills.Rows));
    }

    [Test]
    public async Task While_a_run_of_the_job_goes_first_it_takes_no_nodes_places_for_partitions()
    {
        await using var backfills = await CreateAsync();
        backfills.Job.Definition = backfills.Job.Definition with { Work = new JobWork { ChunkRows = 1 } };
        await SlowDownAsync(seconds: 0.5, "true");
        var id = await backfills.AskAsync(TwoDays, enqueued: true);
        await using var node = await ServeAsync(cluster: true);
        await UntilAsync(async () => await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunk_attempts WHERE outcome IS NULL") == 2, "a partition helps with the backfill's run");

        // As if a command had planned it this moment; nobody works on it yet.
        await Database.ExecuteAsync("INSERT INTO scoring.runs (job, trigger, mode, continuing, window_to, model_sha256, manifest, chunks, rows_planned, planned_on, planned_at, planning_ms, host, process_id, program_version) "
            + "SELECT job, 'manual', 'window', true, '2020-02-01', model_sha256, manifest, 0, 0, planned_on, clock_timestamp(), 1, 'elsewhere', 1, '1' FROM scoring.runs LIMIT 1");
        await UntilAsync(async () => await FiringsAsync() == 1, "the partition has given way");
        await Task.Delay(While);
        var attempts = await AttemptsAsync();
        await Task.Delay(While);
        Assert.That((await AttemptsAsync(), await FiringsAsync()), Is.EqualTo((attempts, 1L)), "the backfill itself waits");
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_triggers WHERE trigger_group = 'run 1'"), Is.EqualTo(2), "the place that was left, and the one after it");

        await Database.ExecuteAsync("UPDATE scoring.runs SET state = 'published' WHERE continuing; DROP TRIGGER slow ON scoring.job_predictions");
        await UntilAsync(async () => await StateAsync(id) == "succeeded", "the backfill is done");
    }

    private async Task<TestBackfills> CreateAsync()
    {
        await using (var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, CancellationToken.None))
            await QuartzTables.ApplyAsync(database, CancellationToken.None);
        return await TestBackfills.CreateAsync(Database);
    }

    /// <summary>Starts a node that knows no job: a backfill has frozen its own.</summary>
    private Task<TestNode> ServeAsync(bool cluster) => TestNode.StartAsync(
        Database, new NodeOptions { Cluster = cluster, NodePartitions = 1 }, () => JobCatalog.Read(noJobs.FullName, new JobReader(noJobs.FullName, ScheduleRules.CronFault)));

    private Task SlowDownAsync(double seconds, string condition) => Database.ExecuteAsync(
        $$"""
        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN PERFORM pg_sleep({{seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)}}); RETURN NEW; END $body$;
        CREATE TRIGGER slow BEFORE INSERT ON scoring.job_predictions FOR EACH ROW WHEN ({{condition}}) EXECUTE FUNCTION slow()
        """);

    private Task<string?> StateAsync(long id) => Database.ScalarAsync<string?>("SELECT state FROM scoring.backfills WHERE backfill_id = @id", new { id });

    private Task<bool> SleepsAsync() => Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep')");

    private Task<long> AttemptsAsync() => Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunk_attempts");

    /// <summary>How many firings are under way in the cluster: of backfills, and of partitions.</summary>
    private Task<long> FiringsAsync() => Database.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_fired_triggers WHERE state = 'EXECUTING'");
}
