using BatchScorer.Checkpoints;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Processes;

namespace BatchScorer.Tests.Runs;

/// <summary>Rejected rows that are scored again after a fix.</summary>
internal sealed class ReplayTests(ServerKind kind) : DatabaseTests(kind)
{
    private const int Rows = 20;

    private static readonly JobSource All = CustomersTable.Source with { Cursor = null };
    private static readonly JobSource Unscored = All with { Mode = SourceMode.Unscored };
    private static readonly JobSource[] Sources = [CustomersTable.Source, All, Unscored, Unscored with { Cursor = "updated_at" }];

    [TestCaseSource(nameof(Sources))]
    public async Task Rows_that_were_mended_are_scored_and_resolved(JobSource source)
    {
        await using var job = await RejectedAsync([100_003, 100_007], source);
        var next = await Database.ScalarAsync<string>("SELECT next_from FROM scoring.jobs");
        await MendAsync(100_003, 100_007);

        var (run, end) = (await ReplayAsync(job))!.Value;

        Assert.That(end, Is.EqualTo(new RunEnd(ExitCode.Done, null)));
        Assert.That((run.Trigger, run.State, run.RowsPlanned, run.RowsScored, run.WindowFrom, run.WindowTo), Is.EqualTo(("replay", "published", 2, 2, (string?)null, (string?)null)));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
        Assert.That(await ResolvedAsync(), Is.EqualTo(new[] { "1 100003 by 2", "1 100007 by 2" }));
        Assert.That(await Database.ScalarAsync<string>("SELECT next_from FROM scoring.jobs"), Is.EqualTo(next));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname LIKE 'source_of_run_%'"), Is.Zero);
        Assert.That(await ReplayAsync(job), Is.Null, "nothing is left to replay");
    }

    [Test]
    public async Task A_model_that_knows_what_the_old_one_did_not_scores_them_whatever_their_keys_are()
    {
        await Database.ExecuteAsync(
            """
            CREATE TABLE vectors ("Key A" text, "key'b" uuid, k3 smallint, features real[]);
            INSERT INTO vectors SELECT 'a"' || n % 3, gen_random_uuid(), n, CASE WHEN n % 5 > 0 THEN array_fill(n::real, ARRAY[8]) END FROM generate_series(1, 20) AS n
            """);
        await using var job = await TestJob.CreateAsync(Database, "vector_input", new JobSource { Query = "q.sql", Key = ["Key A", "key'b", "k3"] }, "SELECT * FROM vectors");
        job.Definition = job.Definition with { Outputs = new Dictionary<string, string> { ["score"] = "Score" } };
        await job.AppliedAsync();
        var (first, _) = await job.RunAsync();
        job.Job = job.Job with { ModelFile = TestJob.GoldenModel("vector_input_fasttree") };

        var (run, _) = (await ReplayAsync(job))!.Value;

        Assert.That((first.RowsScored, first.RowsRejected, run.RowsScored, run.RowsRejected), Is.EqualTo((16, 4, 4, 0)));
        Assert.That(run.ModelSha256, Is.Not.EqualTo(first.ModelSha256));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest AS p JOIN vectors USING (\"Key A\", \"key'b\", k3) WHERE (features IS NULL) = (run_id = 2)"), Is.EqualTo(20));
    }

    [Test]
    public async Task A_row_that_still_fails_is_rejected_anew_and_waits_for_the_next_replay()
    {
        await using var job = await RejectedAsync([100_003, 100_007]);
        await MendAsync(100_003);

        var (run, end) = (await ReplayAsync(job))!.Value;

        Assert.That((end.ExitCode, run.RowsScored, run.RowsRejected), Is.EqualTo((ExitCode.Done, 1, 1)));
        Assert.That(await ResolvedAsync(), Is.EqualTo(new[] { "1 100003 by 2", "1 100007 by 2", "2 100007 by " }));

        await MendAsync(100_007);
        Assert.That((await ReplayAsync(job))!.Value.Run.RowsScored, Is.EqualTo(1));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
    }

    [Test]
    public async Task A_row_that_is_gone_is_resolved_and_scored_when_it_comes_back()
    {
        await using var job = await RejectedAsync([100_003], Unscored);
        await Database.ExecuteAsync("CREATE TABLE kept AS SELECT * FROM customers WHERE customer_id = 100003; DELETE FROM customers WHERE customer_id = 100003");

        var (run, _) = (await ReplayAsync(job))!.Value;

        Assert.That((run.State, run.Chunks, run.RowsRead), Is.EqualTo(("published", 0, 0)));
        Assert.That(await ResolvedAsync(), Is.EqualTo(new[] { "1 100003 by 2" }));
        await Database.ExecuteAsync("INSERT INTO customers SELECT * FROM kept");
        await MendAsync(100_003);
        Assert.That((await job.RunAsync()).Run.RowsScored, Is.EqualTo(1));
    }

    [Test]
    public async Task A_job_over_unscored_rows_leaves_rejected_ones_to_the_replay_and_replayed_ones_alone()
    {
        await using var job = await RejectedAsync([100_003, 100_007], Unscored);
        await MendAsync(100_003);

        Assert.That((await job.RunAsync()).Run.RowsRead, Is.Zero);
        Assert.That((await ReplayAsync(job))!.Value.Run.RowsRead, Is.EqualTo(2));
        Assert.That((await job.RunAsync()).Run.RowsRead, Is.Zero);
    }

    [Test]
    public async Task A_row_that_a_newer_run_has_scored_is_not_replayed()
    {
        await using var job = await RejectedAsync([100_003]);
        await Database.ExecuteAsync("UPDATE customers SET auto_pay = true, updated_at = now() WHERE customer_id = 100003");
        var (newer, _) = await job.RunAsync();

        Assert.That(newer.RowsScored, Is.EqualTo(1));
        Assert.That(await ReplayAsync(job), Is.Null);
        await WithRunsAsync(runs => runs.WithdrawAsync(newer.RunId, default));
        Assert.That((await ReplayAsync(job))!.Value.Run.RowsScored, Is.EqualTo(1), "until it is withdrawn");
    }

    [Test]
    public async Task Two_askers_share_one_replay()
    {
        await using var job = await RejectedAsync([100_003, 100_005, 100_007, 100_009]);
        await using var other = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 1 } };
        other.Job = job.Job;

        using var otherHasWorked = new ManualResetEventSlim();
        Task<(RunRecord Run, RunEnd End)?>? second = null;
        var first = await ReplayAsync(job, new Synchronous(_ =>
        {
            second ??= Task.Run(() => ReplayAsync(other, new Synchronous(_ => otherHasWorked.Set())));
            Assert.That(otherHasWorked.Wait(TimeSpan.FromSeconds(60)), Is.True);
        }));

        Assert.That((first!.Value.Run.RunId, (await second!)!.Value.Run.RunId), Is.EqualTo((2, 2)));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.rejected_rows WHERE run_id = 2"), Is.EqualTo(4), "each was looked at once");
    }

    [TestCaseSource(nameof(Sources))]
    public async Task A_replay_and_the_jobs_other_runs_do_not_wait_for_each_other(JobSource source)
    {
        await using var job = await RejectedAsync([100_003], source);
        await Database.ExecuteAsync("UPDATE customers SET customer_id = 200000, updated_at = now() WHERE customer_id = 100001");
        await FailRunAsync(2);
        Assert.That((await job.RunAsync()).Run.State, Is.EqualTo("failed"));
        await MendAsync(100_003);

        await FailRunAsync(3);
        var (failed, _) = (await ReplayAsync(job))!.Value;
        Assert.That((failed.RunId, failed.State), Is.EqualTo((3, "failed")));
        Assert.That(failed.Error, Does.Contain("`batchscorer rejected replay job` goes on"));

        await Database.ExecuteAsync("DROP TRIGGER refuse_2 ON scoring.job_predictions; DROP TRIGGER refuse_3 ON scoring.job_predictions");
        var (resumed, _) = await job.RunAsync();
        Assert.That((resumed.RunId, resumed.State), Is.EqualTo((2, "published")));
        var (replayed, _) = (await ReplayAsync(job))!.Value;
        Assert.That((replayed.RunId, replayed.State, replayed.RowsScored), Is.EqualTo((3, "published", 1)));
    }

    [Test]
    public async Task What_another_run_rejects_while_a_replay_is_open_stays_unresolved()
    {
        await using var job = await RejectedAsync([100_003]);
        await MendAsync(100_003);
        await FailRunAsync(2);
        await ReplayAsync(job);
        await Database.ExecuteAsync("UPDATE customers SET auto_pay = NULL, updated_at = now() WHERE customer_id IN (100003, 100011)");
        Assert.That((await job.RunAsync()).Run.RowsRejected, Is.EqualTo(2));

        await Database.ExecuteAsync("DROP TRIGGER refuse_2 ON scoring.job_predictions");
        var (run, _) = (await ReplayAsync(job))!.Value;

        Assert.That((run.RunId, run.State), Is.EqualTo((2, "published")));
        Assert.That(await ResolvedAsync(), Is.EqualTo(new[] { "1 100003 by 2", "3 100003 by ", "3 100011 by " }));
    }

    [Test]
    public async Task Over_a_limit_nothing_is_resolved_until_the_replay_is_published_all_the_same()
    {
        await using var job = await RejectedAsync([100_003, 100_007]);
        await MendAsync(100_003);
        job.Definition = job.Definition with { Limits = new JobLimits() };

        var (run, end) = (await ReplayAsync(job))!.Value;

        Assert.That((end.ExitCode, run.State), Is.EqualTo((ExitCode.RejectedOverLimit, "failed")));
        Assert.That(end.Error, Does.Contain("gives its rows back to the next replay"));
        Assert.That(await ResolvedAsync(), Is.EqualTo(new[] { "1 100003 by ", "1 100007 by ", "2 100007 by " }));
        await job.Runner.ResumeAsync(await job.ReadAsync(2), acceptRejected: true, new Progress<RunProgress>(), default);
        Assert.That(await ResolvedAsync(), Is.EqualTo(new[] { "1 100003 by 2", "1 100007 by 2", "2 100007 by " }));
    }

    [Test]
    public async Task What_a_replay_took_up_is_free_again_once_it_is_abandoned_or_withdrawn()
    {
        await using var job = await RejectedAsync([100_003]);
        await FailRunAsync(2);
        await MendAsync(100_003);
        await ReplayAsync(job);

        await WithRunsAsync(runs => runs.AbandonAsync(2, default));
        Assert.That((await ReplayAsync(job))!.Value.Run.RunId, Is.EqualTo(3));
        await WithRunsAsync(runs => runs.WithdrawAsync(3, default));
        Assert.That(await ResolvedAsync(), Is.EqualTo(new[] { "1 100003 by " }));
        await WithRunsAsync(runs => runs.PublishAsync(3, default));
        Assert.That(await ResolvedAsync(), Is.EqualTo(new[] { "1 100003 by 3" }));
        await WithRunsAsync(runs => runs.WithdrawAsync(3, default));
        Assert.That((await ReplayAsync(job))!.Value.Run.RunId, Is.EqualTo(4));
        await WithRunsAsync(runs => runs.PublishAsync(3, default));
        Assert.That(await ResolvedAsync(), Is.EqualTo(new[] { "1 100003 by 4" }));
    }

    [Test]
    public async Task The_rows_of_a_run_that_is_not_published_are_not_replayed()
    {
        await using var job = await RejectedAsync([100_003]);
        await WithRunsAsync(runs => runs.WithdrawAsync(1, default));

        Assert.That(await ReplayAsync(job), Is.Null);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(1), "no run is planned for nothing");
    }

    [Test]
    public async Task A_replay_that_is_killed_goes_on_when_it_is_resumed()
    {
        await using var churn = await ChurnProcesses.CreateAsync(Database, Rows, chunkRows: 1);
        await RejectAsync(100_003, 100_007);
        await churn.Job.RunAsync();
        await MendAsync(100_003, 100_007);
        await using var process = churn.Start($"{Checkpoint.BeforeCommit}:2", "rejected", "replay", "job", "--partitions", "1");
        await process.HeldAsync();
        await process.SignalAsync("KILL");
        await process.EndAsync();
        Assert.That((await churn.Job.Catalog.ReadAsync(2, default)).ChunksDone, Is.EqualTo(1));

        await using var resume = churn.Start(null, "runs", "resume", "2");

        Assert.That(await resume.EndAsync(), Is.Zero, resume.Errors);
        await churn.AssertScoredAsync(Rows);
        Assert.That(await ResolvedAsync(), Is.EqualTo(new[] { "1 100003 by 2", "1 100007 by 2" }));
    }

    [Test]
    public async Task Of_two_planners_that_take_up_the_same_rows_one_wins()
    {
        await using var job = await RejectedAsync([100_003]);
        await MendAsync(100_003);
        await using var planner = await Database.DataSource.OpenConnectionAsync();
        await using (var snapshot = await Database.DataSource.OpenConnectionAsync())
            await TakenUpRows.SeeAsync(snapshot, planner, 1, job.Definition, default);
        await ReplayAsync(job);

        Assert.That(await TakenUpRows.TryMarkAsync(planner, 1, default), Is.False);
    }

    /// <summary>A job whose first run has rejected these customers, and scored all others.</summary>
    private async Task<TestJob> RejectedAsync(long[] ids, JobSource? source = null)
    {
        await CustomersTable.CreateAsync(Database, Rows);
        await RejectAsync(ids);
        var job = await (await TestJob.CreateAsync(Database, "churn", source ?? CustomersTable.Source)).AppliedAsync();
        var (run, _) = await job.RunAsync();
        Assert.That((run.State, run.RowsRejected), Is.EqualTo(("published", ids.Length)));
        return job;
    }

    private Task RejectAsync(params long[] ids) => Database.ExecuteAsync(
        "CREATE TABLE right_values AS SELECT customer_id, auto_pay FROM customers; UPDATE customers SET auto_pay = NULL WHERE customer_id = ANY(@ids)", new { ids });

    private Task MendAsync(params long[] ids) => Database.ExecuteAsync(
        "UPDATE customers SET auto_pay = right_values.auto_pay FROM right_values WHERE right_values.customer_id = customers.customer_id AND customers.customer_id = ANY(@ids)", new { ids });

    private Task FailRunAsync(long runId) => Database.ExecuteAsync(
        $"""
        CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'no'; END $$;
        CREATE TRIGGER refuse_{runId} BEFORE INSERT ON scoring.job_predictions FOR EACH ROW WHEN (NEW.run_id = {runId}) EXECUTE FUNCTION refuse()
        """);

    private async Task WithRunsAsync(Func<RunControl, Task> change)
    {
        await using var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);
        await change(new RunControl(database));
    }

    private Task<IReadOnlyList<string>> ResolvedAsync() => Database.QueryAsync<string>(
        "SELECT format('%s %s by %s', run_id, key->>'customer_id', resolved_by) FROM scoring.rejected_rows ORDER BY run_id, key");

    private static async Task<(RunRecord Run, RunEnd End)?> ReplayAsync(TestJob job, IProgress<RunProgress>? progress = null) =>
        await job.Runner.ReplayAsync(job.Job, partitions: 1, progress ?? new Progress<RunProgress>(), default) is { } replay
            ? (await job.Catalog.ReadAsync(replay.RunId, default), replay.End)
            : null;

    /// <summary>Reports where it is called, so that a test acts at that point.</summary>
    private sealed class Synchronous(Action<RunProgress> report) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => report(value);
    }
}
