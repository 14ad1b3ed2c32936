using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs;

/// <summary>The views that tell of runs and windows without the tables behind them.</summary>
internal sealed class SummaryTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task A_run_is_summed_up_with_its_model_its_rows_and_since_when_it_is_shown()
    {
        await CustomersTable.CreateAsync(Database, 30);
        await Database.ExecuteAsync("UPDATE customers SET auto_pay = NULL WHERE customer_id <= 100003");
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 10 } };
        await job.RunAsync();
        await job.RunAsync();
        await using var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);
        await new RunControl(database).WithdrawAsync(2, default);

        Assert.That(await Database.QueryAsync<string>(
            """
            SELECT concat_ws(' ', run_id, trigger, state, model_name, rows_planned, rows_read, rows_scored, rows_rejected, rejected_share, chunks, chunks_done, chunks_failed, published_at IS NOT NULL)
            FROM scoring.run_summary WHERE job = 'job' ORDER BY run_id
            """), Is.EqualTo(new[] { "1 manual published model 30 30 27 3 0.1 3 3 0 t", "2 manual withdrawn model 0 0 0 0 0 0 0 f" }));
        Assert.That(await Database.ScalarAsync<bool>("SELECT bool_and(duration = finished_at - started_at AND planning_time >= '0' AND planned_at <= started_at) FROM scoring.run_summary"), Is.True);
    }

    [Test]
    public async Task Windows_are_told_in_order_with_the_gaps_between_them()
    {
        await CustomersTable.CreateAsync(Database, 10);
        await Database.ExecuteAsync("UPDATE customers SET updated_at = '2026-03-05' WHERE customer_id = 100010");
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        await PretendAsync("2026-03-01", "2026-03-03", "published", "model");
        await PretendAsync("2026-03-02", "2026-03-04", "published", "other");
        await PretendAsync("2026-03-06", "2026-03-07", "failed", "model");
        await PretendAsync("2026-03-08", "2026-03-09", "abandoned", "model");

        Assert.That(await StatusAsync(), Is.EqualTo(new[]
        {
            "2026-03-01 2026-03-02 scored {\"model 1\"} 1 published",
            "2026-03-02 2026-03-03 stale {\"other 1\"} 2 published",
            "2026-03-03 2026-03-04 stale {\"other 1\"} 2 published",
            "2026-03-04 2026-03-06 missing {}",
            "2026-03-06 2026-03-07 failed {} 3 failed",
        }));
    }

    [Test]
    public async Task The_first_window_of_a_job_has_no_beginning()
    {
        await CustomersTable.CreateAsync(Database, 10);
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        Assert.That(await StatusAsync(), Is.Empty);
        var (first, _) = await job.RunAsync();
        var (second, _) = await job.RunAsync();

        Assert.That(
            await Database.QueryAsync<(string? From, string To, string State, long Run)>("SELECT window_from, window_to, state, newest_run FROM scoring.window_status WHERE job = 'job'"),
            Is.EqualTo(new[] { (null, first.WindowTo!, "scored", 1L), (second.WindowFrom, second.WindowTo!, "scored", 2L) }));
    }

    [Test]
    public async Task An_integer_cursor_has_numbers()
    {
        await Database.ExecuteAsync("CREATE TABLE numbered (id integer PRIMARY KEY, features real[]); INSERT INTO numbered SELECT n, array_fill(n::real, ARRAY[8]) FROM generate_series(1, 10) AS n");
        await using var job = await (await TestJob.CreateAsync(
            Database, "vector_input_fasttree", new JobSource { Table = new("public", "numbered"), Key = ["id"], Cursor = "id" })).AppliedAsync();
        await job.RunAsync();
        await job.RunAsync(request: new RunRequest(Trigger.Manual) { Window = new CursorRange("3", "5") });

        Assert.That(await StatusAsync(), Is.EqualTo(new[] { "11 scored {\"model " + await Database.ScalarAsync<string>("SELECT version FROM scoring.models") + "\"} 1 published" }));
    }

    // A window as a backfill has it, without the rows.
    private Task PretendAsync(string from, string to, string state, string model) => Database.ExecuteAsync(
        """
        INSERT INTO scoring.models (sha256, name, version, size_bytes, schema, content) VALUES (encode(sha256(@model::bytea), 'hex'), @model, '1', 0, '{}', '') ON CONFLICT DO NOTHING;
        UPDATE scoring.jobs SET model_sha256 = encode(sha256('model'), 'hex');
        INSERT INTO scoring.runs (job, trigger, mode, continuing, window_from, window_to, model_sha256, manifest, state, chunks, rows_planned, planned_on, planned_at, planning_ms, host, process_id, program_version)
        VALUES ('job', 'manual', 'window', true, @from || 'T00:00:00Z', @to || 'T00:00:00Z', encode(sha256(@model::bytea), 'hex'), '{}', @state, 0, 0, '2026-03-01', now(), 0, '', 0, '')
        """, new { from, to, state, model });

    private Task<IReadOnlyList<string>> StatusAsync() => Database.QueryAsync<string>(
        "SELECT replace(concat_ws(' ', window_from, window_to, state, models, newest_run, newest_run_state), 'T00:00:00.000000Z', '') FROM scoring.window_status");
}
