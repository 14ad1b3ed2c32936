using BatchScorer.Checkpoints;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Processes;
using Dapper;
using Npgsql;

namespace BatchScorer.Tests.Runs;

/// <summary>Rows that are staged before their run is written: whom that keeps waiting, and what becomes of them when it is never written.</summary>
internal sealed class StagingTests(ServerKind kind) : DatabaseTests(kind)
{
    private const int Rows = 40;

    // Whoever stages waits in the middle of it until the test lets go of the lock.
    private const string Gate =
        """
        CREATE FUNCTION gate() RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock_shared(42);
            RETURN true;
        END $$
        """;

    private const string OpenGate = "SELECT pg_advisory_unlock(42)";

    private static readonly JobSource Unscored = CustomersTable.Source with { Cursor = null, Mode = SourceMode.Unscored };
    private static readonly JobSource Gated = Unscored with { Filter = "gate()" };

    [Test]
    public async Task While_a_planner_stages_others_windows_go_on_and_the_job_is_not_locked()
    {
        await using var closed = await CloseGateAsync();
        await using var job = await CreateAsync(Gated);
        var running = job.RunAsync();
        await StagingAsync(planners: 1);

        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("CREATE TABLE events (id integer PRIMARY KEY, at timestamptz NOT NULL, x real)");
            var other = await Sources.SourceReading.LayoutAsync(Database, "events", ["id"], [("x", new(BatchScorer.Batches.ValueKind.Single))], "at");
            Assert.That((await WindowBound.AskAsync(connection, other, null, default)).HeldBy, Is.Null);
            await connection.ExecuteAsync("SELECT FROM scoring.jobs FOR UPDATE NOWAIT");
        }

        await closed.ExecuteAsync(OpenGate);
        Assert.That((await running).Run.RowsScored, Is.EqualTo(Rows));
        Assert.That(await StagedTablesAsync(), Is.Empty);
    }

    [Test]
    public async Task Of_two_planners_that_stage_the_same_rows_one_wins_and_the_other_leaves_nothing()
    {
        await using var closed = await CloseGateAsync();
        await using var job = await CreateAsync(Gated);
        await using var other = await TestJob.CreateAsync(Database, "churn", Gated);
        var running = new[] { job.RunAsync(), other.RunAsync() };
        await StagingAsync(planners: 2);

        await closed.ExecuteAsync(OpenGate);
        var runs = await Task.WhenAll(running);

        Assert.That(runs.Select(run => (run.End.ExitCode, run.Run.State)), Is.All.EqualTo((ExitCode.Done, "published")));
        Assert.That(await StagedTablesAsync(), Is.Empty);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions"), Is.EqualTo(Rows), "each row was scored once");
    }

    [Test]
    public async Task Rows_that_another_run_has_scored_while_they_were_staged_are_not_scored_again()
    {
        await using var closed = await CloseGateAsync();
        await using var job = await CreateAsync(Gated);
        await using var other = await TestJob.CreateAsync(Database, "churn", Unscored);
        var running = job.RunAsync();
        await StagingAsync(planners: 1);
        var (first, _) = await other.RunAsync();

        await closed.ExecuteAsync(OpenGate);
        var (run, _) = await running;

        Assert.That((first.RowsScored, run.State, run.RowsRead), Is.EqualTo((Rows, "published", 0)));
    }

    [Test]
    public async Task Nothing_is_staged_while_another_run_is_open_since_that_one_may_end_meanwhile()
    {
        await using var closed = await CloseGateAsync();
        await using var job = await CreateAsync(Gated);
        await using var other = await TestJob.CreateAsync(Database, "churn", Unscored);
        await other.PlanAsync();

        Assert.That(await job.PlanAsync().WaitAsync(TimeSpan.FromSeconds(30)), Is.Null);
    }

    [Test]
    public async Task A_planner_that_is_killed_while_it_stages_leaves_nothing()
    {
        await using var closed = await CloseGateAsync();
        await using var churn = await ChurnProcesses.CreateAsync(Database, Rows, chunkRows: 10, source: Gated);
        await using var process = churn.Start(null, "run", "job");
        await StagingAsync(planners: 1);

        await process.SignalAsync("KILL");
        await process.EndAsync();
        await closed.ExecuteAsync(OpenGate);

        Assert.That(
            () => Database.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'batchscorer%' AND state <> 'idle'"),
            Is.Zero.After(20).Seconds.PollEvery(50).MilliSeconds);
        Assert.That(await StagedTablesAsync(), Is.Empty);
        Assert.That((await churn.Job.RunAsync()).Run.RowsScored, Is.EqualTo(Rows));
    }

    [Test]
    public async Task What_a_planner_has_staged_is_left_alone_while_it_lives_and_dropped_by_the_next_once_it_is_dead()
    {
        await using var churn = await ChurnProcesses.CreateAsync(Database, Rows, chunkRows: 10, source: Unscored);
        await using var process = churn.Start(Checkpoint.DuringPlanning, "run", "job");
        await process.HeldAsync();
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
            await StagedLeftovers.DropAsync(connection, default);
        Assert.That(await StagedTablesAsync(), Is.EqualTo(new[] { "source_of_run_1" }));

        await process.SignalAsync("KILL");
        await process.EndAsync();
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.Zero);
        var (run, _) = await churn.Job.RunAsync();

        Assert.That((run.RunId, run.RowsScored), Is.EqualTo((2, Rows)));
        Assert.That(await StagedTablesAsync(), Is.Empty);
    }

    [Test]
    public async Task A_planner_whose_session_the_server_ends_stages_again()
    {
        await using var closed = await CloseGateAsync();
        await using var job = await CreateAsync(Gated);
        var running = job.RunAsync();
        await StagingAsync(planners: 1);

        await Database.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{SourceStaging.SessionName}'");
        await closed.ExecuteAsync(OpenGate);

        var (run, _) = await running;
        Assert.That((run.RunId, run.State, run.RowsScored), Is.EqualTo((2, "published", Rows)));
        Assert.That(await StagedTablesAsync(), Is.Empty);
    }

    [Test]
    public async Task A_query_cannot_write_while_it_is_staged()
    {
        await CustomersTable.CreateAsync(Database, Rows);
        await Database.ExecuteAsync(
            """
            CREATE TABLE written (at timestamptz DEFAULT now());
            CREATE FUNCTION write() RETURNS boolean LANGUAGE sql AS 'INSERT INTO written DEFAULT VALUES RETURNING true'
            """);
        await using var job = await TestJob.CreateAsync(
            Database, "churn", new JobSource { Query = "q.sql", Key = ["customer_id"] }, "SELECT * FROM customers WHERE write()");
        await job.AppliedAsync();

        Assert.That(async () => await job.RunAsync(), Throws.TypeOf<BatchScorerException>().With.Message.StartsWith("job.json: source.query: the query may only read, and tries to write: "));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM written"), Is.Zero);
        Assert.That(await StagedTablesAsync(), Is.Empty);
    }

    private async Task<TestJob> CreateAsync(JobSource source)
    {
        await CustomersTable.CreateAsync(Database, Rows);
        return await (await TestJob.CreateAsync(Database, "churn", source)).AppliedAsync();
    }

    /// <summary>Keeps planners in the middle of staging until the connection opens the gate.</summary>
    private async Task<NpgsqlConnection> CloseGateAsync()
    {
        await Database.ExecuteAsync(Gate);
        var connection = await Database.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync("SELECT pg_advisory_lock(42)");
        return connection;
    }

    private async Task StagingAsync(int planners)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await Database.ScalarAsync<int>(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") < planners)
            await Task.Delay(20, patience.Token);
    }

    private Task<IReadOnlyList<string>> StagedTablesAsync() =>
        Database.QueryAsync<string>("SELECT relname::text FROM pg_class WHERE relname ~ '^source_of_run_[0-9]+$'");
}
