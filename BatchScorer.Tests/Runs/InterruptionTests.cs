using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;
using Dapper;
using Npgsql;
using static BatchScorer.Tests.Scheduling.ScheduledJob;

namespace BatchScorer.Tests.Runs;

/// <summary>Runs that are stopped, fail or meet others, and what the next one makes of them.</summary>
internal sealed class InterruptionTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task A_run_that_is_stopped_halfway_and_run_again_ends_like_one_left_alone()
    {
        await using var job = await ChurnAsync(rows: 1000, chunkRows: 100);
        using var stop = new CancellationTokenSource();
        var stopAfterThree = new Synchronous(progress =>
        {
            if (progress.RowsDone >= 300)
                stop.Cancel();
        });
        Assert.That(async () => await job.RunAsync(partitions: 1, stopAfterThree, cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest"), Is.Zero, "nothing of an unpublished run shows");

        var (run, end) = await job.RunAsync();

        Assert.That((end.ExitCode, run.RunId, run.RowsRead), Is.EqualTo((ExitCode.Done, 1, 1000)));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(1000)));
    }

    [Test]
    public async Task A_worker_whose_connection_is_cut_before_commit_leaves_nothing_of_its_chunk()
    {
        await using var job = await ChurnAsync(rows: 100, chunkRows: 50);
        await Database.ExecuteAsync(
            """
            CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.state = 'done' AND NEW.chunk_no = 1 AND NOT EXISTS (SELECT FROM was_cut) THEN
                    PERFORM pg_terminate_backend(pg_backend_pid());
                END IF;
                RETURN NEW;
            END $$;
            CREATE TABLE was_cut ();
            CREATE TRIGGER cut BEFORE UPDATE ON scoring.chunks FOR EACH ROW EXECUTE FUNCTION cut();
            """);

        var (cut, _) = await job.RunAsync(partitions: 1);
        Assert.That((cut.State, cut.ChunksDone, cut.ChunksFailed), Is.EqualTo(("failed", 1, 1)), "each of its attempts was cut");
        Assert.That(await Database.QueryAsync<int>("SELECT DISTINCT chunk_no FROM scoring.job_predictions"), Is.EqualTo(new[] { 0 }));

        await Database.ExecuteAsync("INSERT INTO was_cut DEFAULT VALUES");
        var (run, end) = await job.RunAsync();

        Assert.That((end.ExitCode, run.RowsRead), Is.EqualTo((ExitCode.Done, 100)));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(100)));
        Assert.That((await job.Catalog.ChunksAsync(run.RunId, default)).Select(chunk => chunk.Attempts), Is.EqualTo(new[] { 1, 6 }));
    }

    [Test]
    public async Task A_chunk_that_fails_is_told_with_its_cause_and_the_others_are_kept_for_the_next_try()
    {
        await using var job = await ChurnAsync(rows: 100, chunkRows: 25);
        job.Definition = job.Definition with { Source = job.Definition.Source with { Filter = "100 / (customer_id - 100030) IS NOT NULL" } };

        Assert.That(async () => await job.RunAsync(), Throws.Exception.With.Message.Contains("division by zero"), "cutting the chunks reads every row");

        await Database.ExecuteAsync("CREATE FUNCTION fine(bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true'");
        job.Definition = job.Definition with { Source = job.Definition.Source with { Filter = "fine(customer_id)" } };
        await Database.ExecuteAsync(
            """
            CREATE OR REPLACE FUNCTION fine(bigint) RETURNS boolean LANGUAGE plpgsql AS $$
            BEGIN
                IF current_setting('batchscorer.key_from_1', true) = '100026' THEN
                    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'permission denied for customers';
                END IF;
                RETURN true;
            END $$
            """);
        var (failed, end) = await job.RunAsync();

        Assert.That((end.ExitCode, failed.State, failed.ChunksDone, failed.ChunksFailed), Is.EqualTo((ExitCode.Failed, "failed", 3, 1)));
        Assert.That(end.Error, Does.StartWith("permission denied for customers (42501)").And.Contain("`batchscorer run job`"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest"), Is.Zero);

        await Database.ExecuteAsync("CREATE OR REPLACE FUNCTION fine(bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true'");
        var (mended, _) = await job.RunAsync();

        Assert.That((mended.RunId, mended.State, mended.RowsRead, mended.Error), Is.EqualTo((failed.RunId, "published", 100, (string?)null)));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(100)));
    }

    [Test]
    public async Task An_interrupted_run_ends_with_the_model_it_began_with_whatever_the_job_says_by_then()
    {
        await using var job = await ChurnAsync(rows: 200, chunkRows: 50);
        using var stop = new CancellationTokenSource();
        Assert.That(async () => await job.RunAsync(1, new Synchronous(_ => stop.Cancel()), cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        job.Job = job.Job with { ModelFile = Path.Combine(Path.GetDirectoryName(job.Job.ModelFile)!, "model-v2.zip") };

        var (run, _) = await job.RunAsync();

        Assert.That((run.RunId, run.State), Is.EqualTo((1, "published")));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(200)));
    }

    [Test]
    public async Task A_run_whose_model_is_gone_is_an_error_and_no_other_model_takes_its_place()
    {
        await using var job = await ChurnAsync(rows: 100, chunkRows: 50);
        using var stop = new CancellationTokenSource();
        Assert.That(async () => await job.RunAsync(1, new Synchronous(_ => stop.Cancel()), cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        await Database.ExecuteAsync("UPDATE scoring.models SET content = content || '\\x00'");

        Assert.That(async () => await job.RunAsync(), Throws.TypeOf<BatchScorerException>().With.Message.Contains("no longer the same in scoring.models"));
    }

    [Test]
    public async Task Only_the_time_that_was_worked_counts_for_duration_and_speed()
    {
        await using var job = await ChurnAsync(rows: 100, chunkRows: 25);
        var (run, _) = await job.RunAsync();
        Assert.That(run.RowsPerSecond, Is.GreaterThan(0));

        // Two chunks side by side, a worker that died, and a resume on the next day.
        await Database.ExecuteAsync(
            """
            UPDATE scoring.runs SET started_at = '2026-01-01 10:00Z', finished_at = '2026-01-02 10:01Z';
            UPDATE scoring.chunk_attempts SET started_at = '2026-01-01 10:00:00Z', ended_at = '2026-01-01 10:00:10Z' WHERE chunk_no = 0;
            UPDATE scoring.chunk_attempts SET started_at = '2026-01-01 10:00:05Z', ended_at = '2026-01-01 10:00:15Z' WHERE chunk_no = 1;
            UPDATE scoring.chunk_attempts SET started_at = '2026-01-02 10:00:00Z', ended_at = '2026-01-02 10:00:05Z' WHERE chunk_no = 2;
            UPDATE scoring.chunk_attempts SET started_at = '2026-01-02 10:00:05Z', ended_at = '2026-01-02 10:00:10Z' WHERE chunk_no = 3;
            INSERT INTO scoring.chunk_attempts (run_id, chunk_no, started_at, host, process_id, backend_pid, backend_start)
            SELECT run_id, 2, '2026-01-01 10:00:15Z', host, process_id, backend_pid, backend_start FROM scoring.chunk_attempts WHERE chunk_no = 2
            """);
        var resumed = await job.Catalog.ReadAsync(run.RunId, default);

        Assert.That((resumed.Duration, resumed.RowsPerSecond), Is.EqualTo((TimeSpan.FromSeconds(25), 4.0)));
        Assert.That((await job.Catalog.ListAsync(null, 10, default)).Single().Duration, Is.EqualTo(resumed.Duration));
    }

    [Test]
    public async Task Two_askers_share_one_run()
    {
        await using var job = await ChurnAsync(rows: 1000, chunkRows: 50);
        await using var other = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
        other.Job = job.Job;

        using var otherHasWorked = new ManualResetEventSlim();
        Task<(RunRecord Run, RunEnd End)>? second = null;
        var first = await job.RunAsync(partitions: 1, new Synchronous(_ =>
        {
            second ??= Task.Run(() => other.RunAsync(partitions: 1, new Synchronous(_ => otherHasWorked.Set())));
            Assert.That(otherHasWorked.Wait(TimeSpan.FromSeconds(60)), Is.True);
        }));
        var both = new[] { first, await second! };

        Assert.That(both.Select(result => (result.Run.RunId, result.End.ExitCode)).Distinct(), Is.EqualTo(new[] { (1L, ExitCode.Done) }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(1));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(1000)));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunk_attempts"), Is.EqualTo(20), "each chunk was worked on once");
    }

    [Test]
    public async Task An_attempt_that_is_stopped_before_its_note_is_known_to_be_written_does_not_count_as_one_whose_worker_died()
    {
        var own = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        await using var proxy = new Proxy(own.Port);
        await using var job = await ChurnAsync(rows: 100, chunkRows: 50, new NpgsqlConnectionStringBuilder(own.ConnectionString) { Port = proxy.Port }.ConnectionString);
        await Database.ExecuteAsync(
            """
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$;
            CREATE TRIGGER wait BEFORE INSERT ON scoring.chunk_attempts FOR EACH ROW EXECUTE FUNCTION wait();
            """);
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync("SELECT pg_advisory_lock(1)");
        using var stop = new CancellationTokenSource();
        var running = job.RunAsync(partitions: 1, cancellationToken: stop.Token);
        int? port = null;
        await UntilAsync(async () => (port = await Database.ScalarAsync<int?>("SELECT client_port FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND objid = 1 AND NOT granted")) > 0, "the note waits");

        proxy.Mute(port!.Value);
        await connection.ExecuteAsync("SELECT pg_advisory_unlock(1)");
        await UntilAsync(() => Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM scoring.chunk_attempts)"), "the note is written");
        await stop.CancelAsync();

        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Database.QueryAsync<string>("SELECT outcome FROM scoring.chunk_attempts"), Is.EqualTo(new[] { "stopped" }));
    }

    private async Task<TestJob> ChurnAsync(int rows, int chunkRows, string? connectionString = null)
    {
        await CustomersTable.CreateAsync(Database, rows);
        var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source, connectionString: connectionString);
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = chunkRows } };
        return await job.AppliedAsync();
    }

    /// <summary>Reports where it is called, so that a test acts at that point.</summary>
    private sealed class Synchronous(Action<RunProgress> report) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => report(value);
    }
}
