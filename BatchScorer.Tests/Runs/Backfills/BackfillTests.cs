using System.Diagnostics;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Runs.Backfills;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs.Backfills;

/// <summary>Whole backfills.</summary>
internal sealed class BackfillTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly BackfillRequest TenDays = TestBackfills.TenDays;

    [TestCase(1)]
    [TestCase(3)]
    public async Task Each_window_is_a_run_of_its_own_and_every_row_gets_its_score(int parallel)
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);

        var (backfill, end) = await backfills.RunAsync(TenDays, parallel);

        Assert.That((end, backfill.State, backfill.WindowsPublished, backfill.RowsRead), Is.EqualTo((new RunEnd(ExitCode.Done, null), "succeeded", 10, (long)TestBackfills.Rows)));
        Assert.That(await Database.QueryAsync<(string, string, long)>("SELECT trigger, state, rows_scored FROM scoring.runs"), Is.EqualTo(Enumerable.Repeat(("backfill", "published", 24L), 10)));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(TestBackfills.Rows)));
        Assert.That(await Database.ScalarAsync<string>("SELECT next_from FROM scoring.jobs"), Is.Null, "the job's own place has not moved");
        Assert.That((await backfills.PlanAsync(TenDays)).Chosen(), Is.Empty);
    }

    [Test]
    public async Task The_newest_window_can_be_first()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);

        await backfills.RunAsync(TenDays with { NewestFirst = true });

        Assert.That(await Database.QueryAsync<string>("SELECT window_from FROM scoring.runs ORDER BY run_id"), Is.Ordered.Descending.And.Count.EqualTo(10));
    }

    [Test]
    public async Task A_backfill_wins_where_the_cursor_is_the_same_and_loses_to_newer_cursors()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        var (first, _) = await backfills.Job.RunAsync();
        var id = await backfills.AskAsync(TenDays with { Only = WindowChoice.All, To = "2020-01-03" });
        await Database.ExecuteAsync("UPDATE customers SET updated_at = '2020-02-01Z' WHERE customer_id = 100001");
        await backfills.Job.RunAsync(request: new RunRequest(Trigger.Manual) { Window = new("2020-02-01", "2020-02-02") });

        await backfills.WorkAsync(id);

        Assert.That(await Database.QueryAsync<(long, string, long)>(
            "SELECT run.run_id, run.trigger, count(*) FROM scoring.job_latest JOIN scoring.runs AS run USING (run_id) GROUP BY 1, 2 ORDER BY 1"), Is.EqualTo(new[]
            {
                (first.RunId, "manual", 192L), (2, "manual", 1), (3, "backfill", 23), (4, "backfill", 24),
            }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions WHERE customer_id = 100030"), Is.EqualTo(2), "the old prediction stays as history");
    }

    [Test]
    public async Task A_run_of_a_backfill_that_is_resumed_after_newer_runs_leaves_the_newest_outcomes_to_be_seen()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        backfills.Job.Definition = backfills.Job.Definition with { Work = new JobWork { ChunkRows = 5 } };
        var id = await backfills.AskAsync(TenDays);
        using var stop = new CancellationTokenSource();
        Assert.That(async () => await backfills.WorkAsync(id, new TestBackfills.Told(progress =>
        {
            if (progress.RowsDone >= 29)
                stop.Cancel();
        }), stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Database.ScalarAsync<string>("SELECT state FROM scoring.runs WHERE run_id = 2"), Is.EqualTo("running"));
        // One row that the stopped run has scored, and one that it has not.
        await Database.ExecuteAsync("UPDATE customers SET updated_at = '2020-02-01Z', support_calls = 9 WHERE customer_id IN (100025, 100040)");
        var (newer, _) = await backfills.Job.RunAsync();

        var (backfill, _) = await backfills.ResumeAsync(id);

        Assert.That((backfill.State, backfill.WindowsPublished), Is.EqualTo(("succeeded", 10)));
        Assert.That(await Database.QueryAsync<long>("SELECT customer_id FROM scoring.job_latest WHERE run_id = @runId AND customer_id IN (100025, 100040)", new { newer.RunId }),
            Is.EquivalentTo(new[] { 100025, 100040 }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest JOIN customers USING (customer_id) WHERE source_cursor = updated_at"), Is.EqualTo(TestBackfills.Rows));
    }

    [Test]
    public async Task The_model_is_that_of_the_beginning_whatever_becomes_of_the_file()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        var id = await backfills.AskAsync(TenDays);
        backfills.Promote();

        var (backfill, _) = await backfills.WorkAsync(id);

        Assert.That(await Database.QueryAsync<string>("SELECT DISTINCT model_sha256 FROM scoring.runs"), Is.EqualTo(new[] { backfill.ModelSha256 }));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(TestBackfills.Rows)));
    }

    [Test]
    public async Task A_window_that_fails_does_not_keep_the_others_from_being_scored_and_is_tried_again_by_resume()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        backfills.Job.Definition = backfills.Job.Definition with { Limits = new JobLimits { RejectedRows = 0 } };
        await Database.ExecuteAsync("UPDATE customers SET auto_pay = NULL WHERE customer_id = 100030");

        var (failed, end) = await backfills.RunAsync(TenDays);

        Assert.That((end.ExitCode, failed.State, failed.WindowsPublished, failed.WindowsFailed), Is.EqualTo((ExitCode.RejectedOverLimit, "failed", 9, 1)));
        Assert.That(end.Error, Does.StartWith("1 window(s) of backfill 1 failed, the first 2020-01-02T00:00:00.000000Z to 2020-01-03").And.Contains("limits.rejectedRows").And.Contains("backfills resume 1"));
        Assert.That((await backfills.Catalog.WindowsAsync(1, default)).Select(window => window.State), Is.EqualTo(Enumerable.Repeat("published", 10).Select((state, i) => i == 1 ? "failed" : state)));
        Assert.That((await backfills.PlanAsync(TenDays with { Only = WindowChoice.Failed })).Chosen().Select(window => window.From[..10]), Is.EqualTo(new[] { "2020-01-02" }));

        await Database.ExecuteAsync("DELETE FROM scoring.rejected_rows; UPDATE scoring.chunks SET state = 'pending', rows_rejected = 0 WHERE run_id = 2; DELETE FROM scoring.job_predictions WHERE run_id = 2; UPDATE customers SET auto_pay = true");
        var (resumed, _) = await backfills.ResumeAsync(1);
        Assert.That((resumed.State, resumed.WindowsPublished, resumed.Error), Is.EqualTo(("succeeded", 10, (string?)null)));
        Assert.That(async () => await backfills.ResumeAsync(1), Throws.TypeOf<BatchScorerException>().With.Message.StartsWith("Backfill 1 of job job has succeeded"));
    }

    [Test]
    public async Task Two_workers_on_one_backfill_make_one_run_a_window()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        var id = await backfills.AskAsync(TenDays);

        var both = await Task.WhenAll(backfills.WorkAsync(id), backfills.WorkAsync(id));

        Assert.That(both.Select(answer => answer.End.ExitCode), Is.All.EqualTo(ExitCode.Done));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(10));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions"), Is.EqualTo(TestBackfills.Rows));
    }

    [Test]
    public async Task A_backfill_lets_a_continuing_run_go_first_even_between_two_chunks()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        backfills.Job.Definition = backfills.Job.Definition with { Work = new JobWork { ChunkRows = 5 } };
        var id = await backfills.AskAsync(TenDays);
        // As if another process had planned it this moment; nobody works on it yet.
        var planned = false;
        var working = Task.Run(() => backfills.WorkAsync(id, new TestBackfills.Told(progress =>
        {
            if (!planned && progress.RowsDone >= 5)
                Database.ExecuteAsync("INSERT INTO scoring.runs (job, trigger, mode, continuing, window_to, model_sha256, manifest, chunks, rows_planned, planned_on, planned_at, planning_ms, host, process_id, program_version) "
                    + "SELECT job, 'schedule', 'window', true, '2020-02-01', model_sha256, manifest, 0, 0, planned_on, clock_timestamp(), 1, 'elsewhere', 1, '1' FROM scoring.runs LIMIT 1").GetAwaiter().GetResult();
            planned = true;
        })));
        await UntilAsync("SELECT EXISTS (SELECT FROM scoring.runs WHERE continuing)");
        // The chunk that was under way is done meanwhile, and no other is begun.
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        var attempts = await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunk_attempts");
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunk_attempts"), Is.EqualTo(attempts).And.LessThan(20));

        await Database.ExecuteAsync("UPDATE scoring.runs SET state = 'published' WHERE continuing");

        Assert.That((await working).Backfill.State, Is.EqualTo("succeeded"));
    }

    [Test]
    public async Task A_continuing_run_whose_workers_are_long_gone_is_not_waited_for()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        await backfills.Job.RunAsync();
        await Database.ExecuteAsync("UPDATE scoring.runs SET state = 'running', planned_at = now() - interval '1 day', started_at = planned_at; "
            + "UPDATE scoring.chunk_attempts SET started_at = now() - interval '1 day', ended_at = NULL, outcome = NULL");

        var (backfill, _) = await backfills.RunAsync(TenDays with { Only = WindowChoice.All, To = "2020-01-02" });

        Assert.That(backfill.State, Is.EqualTo("succeeded"));
    }

    [Test]
    public async Task A_backfill_that_hangs_does_not_keep_the_jobs_next_run_from_ending()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        await Database.ExecuteAsync(
            """
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
            CREATE TRIGGER slow BEFORE INSERT ON scoring.job_predictions FOR EACH ROW WHEN (NEW.run_id = 1) EXECUTE FUNCTION slow();
            """);
        var id = await backfills.AskAsync(TenDays);
        var working = Task.Run(() => backfills.WorkAsync(id));
        await UntilAsync("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep')");

        var (run, end) = await backfills.Job.RunAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That((end.ExitCode, run.State, run.RowsScored), Is.EqualTo((ExitCode.Done, "published", (long)TestBackfills.Rows)));

        var since = Stopwatch.GetTimestamp();
        await backfills.Cancellation.CancelAsync(id, default);
        var (backfill, cancelled) = await working.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.That(Stopwatch.GetElapsedTime(since), Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That((backfill.State, cancelled.ExitCode, cancelled.Error), Is.EqualTo(("cancelled", ExitCode.Failed, "Backfill 1 was cancelled; `batchscorer backfills resume 1` goes on.")));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs WHERE backfill_id = 1"), Is.EqualTo(1), "no window is begun after that");

        await Database.ExecuteAsync("DROP TRIGGER slow ON scoring.job_predictions");
        Assert.That((await backfills.ResumeAsync(id)).Backfill, Has.Property("State").EqualTo("succeeded").And.Property("WindowsPublished").EqualTo(10));
    }

    [Test]
    public async Task Planning_a_window_and_planning_the_next_run_do_not_wait_for_each_other()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        var id = await backfills.AskAsync(TenDays);

        // What planning a window holds, and what planning the next run does.
        await using (var window = await Database.DataSource.OpenConnectionAsync())
        {
            await using var transaction = await window.BeginTransactionAsync();
            await new Npgsql.NpgsqlCommand(
                "INSERT INTO scoring.runs (job, trigger, mode, continuing, window_from, window_to, model_sha256, manifest, chunks, rows_planned, planned_on, planned_at, planning_ms, host, process_id, program_version, backfill_id) "
                + "SELECT job, 'backfill', 'window', false, window_from, window_to, model_sha256, manifest, 0, 0, '2020-01-01', now(), 1, 'elsewhere', 1, '1', backfill_id FROM scoring.backfills", window).ExecuteNonQueryAsync();
            Assert.That((await backfills.Job.RunAsync().WaitAsync(TimeSpan.FromSeconds(20))).Run.State, Is.EqualTo("published"));
        }

        await using (var next = await Database.DataSource.OpenConnectionAsync())
        {
            await using var transaction = await next.BeginTransactionAsync();
            await new Npgsql.NpgsqlCommand("SELECT FROM scoring.jobs FOR NO KEY UPDATE", next).ExecuteNonQueryAsync();
            Assert.That((await backfills.WorkAsync(id).WaitAsync(TimeSpan.FromSeconds(30))).Backfill.State, Is.EqualTo("succeeded"));
        }
    }

    private async Task UntilAsync(string condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await Database.ScalarAsync<bool>(condition))
            await Task.Delay(20, limit.Token);
    }
}
