using BatchScorer.Jobs;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs.Retention;

/// <summary>What goes of the ledger when a job keeps it no longer, and what stays.</summary>
internal sealed class LedgerRetentionTests(ServerKind kind) : DatabaseTests(kind)
{
    private const long First = CustomersTable.FirstId;
    private const long Nobody = 1;

    [Test]
    public async Task Runs_go_when_their_predictions_have_gone_with_all_that_the_ledger_has_of_them()
    {
        await using var job = await RetainedJob.CreateAsync(Database, new JobKeep { Predictions = TimeSpan.FromDays(30), Runs = TimeSpan.FromDays(60) });
        await RejectAsync(First);
        await job.ScoreAsync();
        await Database.AgeAsync(20);
        await job.ScoreAsync();
        await Database.AgeAsync(45);
        await job.ScoreAsync();

        Assert.That((await job.Retention.LookAsync("job", default)).Runs, Is.Zero, "its predictions are there still");
        var record = await job.ApplyAsync();

        Assert.That((record.Partitions.Count, record.Runs), Is.EqualTo((2, 1L)));
        foreach (var table in new[] { "runs", "chunks", "chunk_attempts", "run_publications", "rejected_rows" })
            Assert.That(await RunsOfAsync(table), Has.No.Member(1L).And.Member(2L), table);
    }

    [Test]
    public async Task Runs_without_predictions_go_and_those_with_predictions_that_are_kept_stay()
    {
        await using var job = await RetainedJob.CreateAsync(Database, new JobKeep { Predictions = TimeSpan.FromDays(30), Newest = true, Runs = TimeSpan.FromDays(40) });
        await job.ScoreAsync();
        await job.ScoreAsync(Nobody);
        await job.ScoreAsync(First);
        await Database.AgeAsync(100);
        await job.ScoreAsync(Nobody);
        await job.ScoreAsync(First);

        Assert.That((await job.ApplyAsync()).Runs, Is.EqualTo(1));

        Assert.That(await RunsOfAsync("runs"), Is.EqualTo(new long[] { 1, 3, 4, 5 }));
    }

    [Test]
    public async Task The_runs_by_which_the_next_one_is_told_stay_whatever_their_age()
    {
        await using var job = await RetainedJob.CreateAsync(Database, new JobKeep { Predictions = TimeSpan.FromDays(30), Runs = TimeSpan.FromDays(40) });
        for (var run = 1; run <= 8; run++)
            await job.ScoreAsync(First);
        await Database.AgeAsync(100);
        await Database.ExecuteAsync(
            """
            INSERT INTO scoring.jobs (name) VALUES ('follower');
            UPDATE scoring.runs SET slot = now() WHERE run_id = 2;
            UPDATE scoring.runs SET followed_runs = '{99}' WHERE run_id = 3;
            UPDATE scoring.runs SET job = 'follower', followed_runs = '{4}' WHERE run_id = 5;
            UPDATE scoring.runs SET state = 'withdrawn' WHERE run_id IN (7, 8);
            """);

        await job.ApplyAsync();

        // The slot's, the one that followed, the one that is followed, the follower's, the last one published, the last one.
        Assert.That(await RunsOfAsync("runs"), Is.EqualTo(new long[] { 2, 3, 4, 5, 6, 8 }));
    }

    [Test]
    public async Task Rejected_rows_go_before_their_runs_but_for_those_that_a_replay_is_about_to_score()
    {
        await using var job = await RetainedJob.CreateAsync(Database, new JobKeep { RejectedRows = TimeSpan.FromDays(10) });
        await RejectAsync(First, First + 1);
        await job.ScoreAsync();
        await Database.AgeAsync(11);
        await job.ScoreAsync();
        await Database.ExecuteAsync("UPDATE scoring.rejected_rows SET taken_up_by = 2 WHERE run_id = 1 AND key @> '{\"customer_id\": 100001}'; UPDATE scoring.runs SET state = 'failed' WHERE run_id = 2");
        Assert.That((await job.Retention.LookAsync("job", default)).RejectedRows, Is.EqualTo(1));

        var record = await job.ApplyAsync();

        Assert.That(record.RejectedRows, Is.EqualTo(1));
        Assert.That(await Database.QueryAsync<string>("SELECT run_id || ' ' || (key ->> 'customer_id') FROM scoring.rejected_rows ORDER BY 1"),
            Is.EqualTo(new[] { "1 100001", "2 100001", "2 100002" }));
        Assert.That(await RunsOfAsync("runs"), Is.EqualTo(new long[] { 1, 2 }));
    }

    [Test]
    public async Task More_than_goes_at_a_time_goes_all_the_same()
    {
        await using var job = await RetainedJob.CreateAsync(Database, new JobKeep { RejectedRows = TimeSpan.FromDays(10), Runs = TimeSpan.FromDays(10) });
        await job.ScoreAsync(First);
        await Database.ExecuteAsync(
            """
            INSERT INTO scoring.runs (job, trigger, mode, continuing, window_from, window_to, model_sha256, manifest, state, chunks, rows_planned, rows_scored, planned_on, planned_at, finished_at, planning_ms, host, process_id, program_version)
            SELECT 'job', 'schedule', 'window', true, n::text, n::text, model_sha256, manifest, 'published', 0, 0, 0, current_date, now(), now(), 0, 'host', 1, '1'
            FROM scoring.runs, generate_series(1, 450) AS n;
            INSERT INTO scoring.rejected_rows (run_id, key, job, chunk_no, reason, "row") SELECT 1, jsonb_build_object('customer_id', n), 'job', 0, 'why', '{}' FROM generate_series(1, 25000) AS n;
            """);
        await Database.AgeAsync(11);

        var record = await job.ApplyAsync();

        Assert.That((record.RejectedRows, record.Runs), Is.EqualTo((25_000L, 449L)));
    }

    [Test]
    public async Task Backfills_go_with_the_last_of_their_runs()
    {
        await using var job = await RetainedJob.CreateAsync(Database, new JobKeep { Predictions = TimeSpan.FromDays(10), Runs = TimeSpan.FromDays(10) });
        await job.ScoreAsync(First);
        await job.ScoreAsync(First);
        await Database.ExecuteAsync(
            """
            INSERT INTO scoring.backfills (job, window_from, window_to, every, chosen, newest_first, parallel, state, model_sha256, manifest, plan_hash, finished_at, host, process_id, program_version)
            SELECT 'job', '1', '2', '1', 'all', false, 1, became, model_sha256, manifest, '', now() - interval '20 days', '', 1, ''
            FROM scoring.runs CROSS JOIN unnest('{succeeded,running}'::text[]) AS became WHERE run_id = 1;
            """);
        await Database.ExecuteAsync("UPDATE scoring.runs SET backfill_id = 1 WHERE run_id = 1");
        await Database.AgeAsync(11);

        await job.ApplyAsync();

        Assert.That(await Database.QueryAsync<long>("SELECT backfill_id FROM scoring.backfills"), Is.EqualTo(new long[] { 2 }));
    }

    private Task RejectAsync(params long[] ids) =>
        Database.ExecuteAsync("ALTER TABLE customers ALTER auto_pay DROP NOT NULL; UPDATE customers SET auto_pay = NULL WHERE customer_id = ANY (@ids)", new { ids });

    private Task<IReadOnlyList<long>> RunsOfAsync(string table) => Database.QueryAsync<long>($"SELECT DISTINCT run_id FROM scoring.{table} ORDER BY run_id");
}
