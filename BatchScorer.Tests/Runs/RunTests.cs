using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs;

/// <summary>Whole runs, from the table to the predictions, on a real server with models of ML.NET.</summary>
internal sealed class RunTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task Every_row_gets_the_score_that_MLNet_gives_it_whatever_the_chunks_and_partitions()
    {
        await using var job = await ChurnAsync(rows: 2000, chunkRows: 300);

        var (run, end) = await job.RunAsync(partitions: 2);

        Assert.That(end, Is.EqualTo(new RunEnd(ExitCode.Done, null)));
        Assert.That((run.State, run.Chunks, run.ChunksDone), Is.EqualTo(("published", 7, 7)));
        Assert.That((run.RowsPlanned, run.RowsRead, run.RowsScored, run.RowsRejected), Is.EqualTo((2000, 2000, 2000, 0)));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(2000)));
    }

    [Test]
    public async Task An_empty_table_makes_a_run_without_chunks_that_keeps_its_place()
    {
        await using var job = await ChurnAsync(rows: 0);

        var (run, end) = await job.RunAsync();

        Assert.That(end.ExitCode, Is.EqualTo(ExitCode.Done));
        Assert.That((run.State, run.Chunks, run.RowsRead), Is.EqualTo(("published", 0, 0)));
        Assert.That(await Database.ScalarAsync<string>("SELECT next_from FROM scoring.jobs"), Is.EqualTo(run.WindowTo).And.Not.Null);
    }

    [TestCase(1, 50_000)]
    [TestCase(5, 1)]
    public async Task Few_rows_and_chunks_of_one_row_are_scored_as_well(int rows, int chunkRows)
    {
        await using var job = await ChurnAsync(rows, chunkRows);

        var (run, _) = await job.RunAsync();

        Assert.That((run.State, run.Chunks), Is.EqualTo(("published", (rows + chunkRows - 1) / chunkRows)));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(rows)));
    }

    [Test]
    public async Task A_window_that_is_given_keeps_both_its_bounds_and_moves_nothing()
    {
        await using var job = await ChurnAsync(rows: 100);
        await job.RunAsync();
        var next = await Database.ScalarAsync<string>("SELECT next_from FROM scoring.jobs");
        var bounds = (await Database.QueryAsync<string>("SELECT updated_at::text FROM customers ORDER BY updated_at OFFSET 10 LIMIT 21")).ToList();

        var (run, _) = await job.RunAsync(request: new RunRequest(Trigger.Backfill) { Window = new CursorRange(bounds[0], bounds[^1]) });

        Assert.That((run.Trigger, run.State, run.RowsScored), Is.EqualTo(("backfill", "published", 20)));
        Assert.That((await job.ReadAsync(run.RunId)).Window, Is.EqualTo(new CursorRange(bounds[0], bounds[^1])));
        Assert.That(await Database.ScalarAsync<string>("SELECT next_from FROM scoring.jobs"), Is.EqualTo(next));
    }

    [Test]
    public async Task Outputs_and_carried_columns_go_where_the_job_says()
    {
        await CustomersTable.CreateAsync(Database, 10);
        await using var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
        job.Definition = job.Definition with
        {
            Outputs = new Dictionary<string, string> { ["churn_probability"] = "Probability", ["Will it \"leave\" us"] = "PredictedLabel" },
            Carry = ["region", "monthly_charges", "updated_at"],
        };
        await job.AppliedAsync();

        await job.RunAsync();

        Assert.That(await Database.ScalarAsync<long>(
            """
            SELECT count(*) FROM scoring.job_predictions AS p JOIN customers AS c USING (customer_id)
            WHERE (p.region, p.monthly_charges, p.updated_at, p.source_cursor) IS NOT DISTINCT FROM (c.region, c.monthly_charges, c.updated_at, c.updated_at)
              AND "Will it ""leave"" us" = (churn_probability > 0.5)
            """), Is.EqualTo(10));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest WHERE model_name = 'model' AND published_at IS NOT NULL"), Is.EqualTo(10));
    }

    [Test]
    public async Task A_query_with_a_composite_key_and_awkward_names_is_staged_scored_and_cleared_away()
    {
        await Database.ExecuteAsync(
            """
            CREATE SCHEMA "Größe; --";
            CREATE TABLE "Größe; --"."select" ("Key A" text, "key'b" uuid, "k3" smallint, "Features" real[]);
            INSERT INTO "Größe; --"."select" SELECT 'a' || n % 3, gen_random_uuid(), n, array_fill(n::real, ARRAY[8]) FROM generate_series(1, 100) AS n;
            """);
        await using var job = await TestJob.CreateAsync(
            Database, "vector_input_fasttree",
            new JobSource { Query = "q.sql", Key = ["Key A", "key'b", "k3"], Filter = "k3 <> 7" },
            "SELECT * FROM \"Größe; --\".\"select\" -- all of it\n;\n");
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 10 } };
        await job.AppliedAsync();

        var (run, end) = await job.RunAsync();

        Assert.That(end.Error, Is.Null);
        Assert.That((run.State, run.Chunks, run.RowsScored), Is.EqualTo(("published", 10, 99)));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest AS p JOIN \"Größe; --\".\"select\" USING (\"Key A\", \"key'b\", k3)"), Is.EqualTo(99));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname LIKE 'source_of_run_%'"), Is.Zero);
    }

    [Test]
    public async Task A_query_whose_key_comes_twice_is_refused_and_leaves_nothing_behind()
    {
        await using var job = await TestJob.CreateAsync(
            Database, "vector_input_fasttree", new JobSource { Query = "q.sql", Key = ["id"] },
            "SELECT n / 2 AS id, array_fill(0::real, ARRAY[8]) AS features FROM generate_series(1, 4) AS n");
        await job.AppliedAsync();

        Assert.That(async () => await job.RunAsync(), Throws.TypeOf<BatchScorerException>()
            .With.Message.Contains("the key (1) comes more than once").And.Message.Contains("correct source.key"));
        Assert.That(await Database.ScalarAsync<long>("SELECT (SELECT count(*) FROM scoring.runs) + (SELECT count(*) FROM pg_class WHERE relname LIKE 'source_of_run_%')"), Is.Zero);
    }

    [Test]
    public async Task The_next_run_scores_what_has_come_or_changed_since_and_latest_shows_the_newest()
    {
        await using var job = await ChurnAsync(rows: 20);
        var (first, _) = await job.RunAsync();
        await Database.ExecuteAsync("UPDATE customers SET updated_at = now(), support_calls = 9 WHERE customer_id = 100001");

        var (second, _) = await job.RunAsync();

        Assert.That((second.WindowFrom, second.RowsRead), Is.EqualTo((first.WindowTo, 1)));
        Assert.That(await Database.QueryAsync<long>("SELECT run_id FROM scoring.job_latest GROUP BY run_id ORDER BY count(*)"), Is.EqualTo(new[] { second.RunId, first.RunId }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions WHERE customer_id = 100001"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_job_over_the_whole_table_scores_all_of_it_every_time()
    {
        await CustomersTable.CreateAsync(Database, 5);
        await using var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source with { Cursor = null });
        await job.AppliedAsync();

        await job.RunAsync();
        var (second, _) = await job.RunAsync();

        Assert.That((second.Mode, second.RowsScored), Is.EqualTo(("all", 5)));
        Assert.That(await Database.QueryAsync<long>("SELECT DISTINCT run_id FROM scoring.job_latest"), Is.EqualTo(new[] { second.RunId }));
    }

    [Test]
    public async Task A_job_over_unscored_rows_leaves_out_those_that_have_an_outcome()
    {
        await CustomersTable.CreateAsync(Database, 10);
        await Database.ExecuteAsync("UPDATE customers SET auto_pay = NULL WHERE customer_id = 100003");
        await using var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source with { Cursor = null, Mode = SourceMode.Unscored });
        await job.AppliedAsync();
        var (first, _) = await job.RunAsync();
        await Database.ExecuteAsync("UPDATE customers SET customer_id = customer_id + 1000 WHERE customer_id <= 100002");

        var (second, _) = await job.RunAsync();

        Assert.That((first.RowsScored, first.RowsRejected), Is.EqualTo((9, 1)));
        Assert.That((second.RowsScored, second.RowsRejected), Is.EqualTo((2, 0)));
    }

    [Test]
    public async Task An_integer_cursor_goes_on_behind_the_greatest_number_that_was_settled()
    {
        await Database.ExecuteAsync("CREATE TABLE numbered (id integer PRIMARY KEY, features real[]); INSERT INTO numbered SELECT n, array_fill(n::real, ARRAY[8]) FROM generate_series(1, 10) AS n");
        await using var job = await TestJob.CreateAsync(
            Database, "vector_input_fasttree", new JobSource { Table = new QualifiedName("public", "numbered"), Key = ["id"], Cursor = "id" });
        await job.AppliedAsync();
        var (first, _) = await job.RunAsync();
        await Database.ExecuteAsync("INSERT INTO numbered VALUES (11, array_fill(0::real, ARRAY[8])), (15, array_fill(0::real, ARRAY[8]))");

        var (second, _) = await job.RunAsync();

        Assert.That((first.WindowTo, first.RowsScored), Is.EqualTo(("11", 10)));
        Assert.That((second.WindowFrom, second.WindowTo, second.RowsScored), Is.EqualTo(("11", "16", 2)));

        var (third, _) = await job.RunAsync();
        var (fourth, _) = await job.RunAsync();
        Assert.That(new[] { third, fourth }.Select(run => (run.State, run.WindowFrom, run.WindowTo, run.RowsRead)), Is.All.EqualTo(("published", "16", "16", 0)));
    }

    [Test]
    public async Task While_a_prepared_transaction_is_open_runs_go_on_from_the_same_place()
    {
        await using var job = await ChurnAsync(rows: 3);
        await job.RunAsync();
        await Database.ExecuteAsync("BEGIN; UPDATE customers SET updated_at = now() WHERE customer_id = 100001; PREPARE TRANSACTION 'late'");
        var (held, _) = await job.RunAsync();
        var (again, _) = await job.RunAsync();
        await Database.ExecuteAsync("COMMIT PREPARED 'late'");
        var (after, _) = await job.RunAsync();

        Assert.That((held.WindowTo, again.WindowTo), Is.EqualTo((held.WindowFrom, held.WindowFrom)));
        Assert.That(held.WindowHeldBy, Does.StartWith("prepared transaction 'late'"));
        Assert.That((after.WindowFrom, after.RowsRead), Is.EqualTo((held.WindowFrom, 1)));
    }

    [Test]
    public async Task The_manifest_keeps_what_it_takes_to_score_the_same_again()
    {
        await using var job = await ChurnAsync(rows: 3);
        var (run, _) = await job.RunAsync();

        Assert.That(await Database.ScalarAsync<string>("SELECT manifest->'job'->'source'->>'cursor' FROM scoring.runs"), Is.EqualTo("updated_at"));
        Assert.That(await Database.ScalarAsync<string>("SELECT manifest->'source'->'inputs'->>'TenureMonths' FROM scoring.runs"), Is.EqualTo("tenure_months"));
        Assert.That(await Database.ScalarAsync<bool>("SELECT encode(sha256(content), 'hex') = sha256 FROM scoring.models WHERE sha256 = @hash", new { hash = run.ModelSha256 }), Is.True);
    }

    private async Task<TestJob> ChurnAsync(int rows, int chunkRows = 50_000)
    {
        await CustomersTable.CreateAsync(Database, rows);
        var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = chunkRows } };
        return await job.AppliedAsync();
    }
}
