using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs;

/// <summary>Rows that come below a window that has been scored, and are found all the same.</summary>
internal sealed class LookbackTests(ServerKind kind) : DatabaseTests(kind)
{
    private const int Rows = 40;

    private static readonly Lookback Day = new(TimeSpan.FromDays(1));

    // Rows of the last hours whose texts differ in the last of their digits only.
    private const string SetCursors =
        "UPDATE customers SET updated_at = date_trunc('hour', now()) - interval '2 hours' + (customer_id - 100000) * interval '1 microsecond'";

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_row_that_comes_late_is_missed_without_and_found_with_it(bool staged)
    {
        await using var job = await ChurnAsync(lookback: null, staged);
        await HoldBackAsync("customer_id % 4 = 0");
        await job.RunAsync();
        await ReleaseAsync();

        var (without, _) = await job.RunAsync();
        LookBack(job, Day);
        var (with, _) = await job.RunAsync();
        var (after, _) = await job.RunAsync();

        Assert.That(new[] { without, with, after }.Select(run => (run.State, run.RowsPlanned, run.RowsRead)),
            Is.EqualTo(new[] { ("published", 0L, 0L), ("published", 10, 10), ("published", 0, 0) }));
        Assert.That((with.WindowFrom, after.WindowFrom), Is.EqualTo((without.WindowTo, with.WindowTo)), "the window stays what it was");
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions"), Is.EqualTo(Rows));
    }

    [Test]
    public async Task New_rows_and_late_ones_are_scored_by_one_run_in_one_order_of_keys()
    {
        await using var job = await ChurnAsync(Day);
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 5 } };
        await HoldBackAsync("customer_id % 2 = 0");
        await job.RunAsync();
        await ReleaseAsync();
        await Database.ExecuteAsync("UPDATE customers SET updated_at = now() WHERE customer_id % 4 = 0");

        var (run, _) = await job.RunAsync();

        Assert.That((run.State, run.RowsRead, run.Chunks), Is.EqualTo(("published", 20, 4)));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
    }

    [Test]
    public async Task What_lies_further_back_is_left()
    {
        await using var job = await ChurnAsync(new Lookback(TimeSpan.FromHours(1)));
        await HoldBackAsync("customer_id % 4 = 0");
        await job.RunAsync();
        await ReleaseAsync();

        Assert.That((await job.RunAsync()).Run.RowsRead, Is.Zero);
    }

    // The texts of cursors are kept with rejected rows; whatever the server's conventions are, they mean the same instant.
    [TestCase("UTC", "ISO, MDY")]
    [TestCase("Asia/Kolkata", "German, DMY")]
    public async Task A_row_that_was_rejected_is_seen_until_it_changes(string timeZone, string dateStyle)
    {
        await Database.ExecuteAsync($"ALTER DATABASE \"{Database.Name}\" SET timezone = '{timeZone}'; ALTER DATABASE \"{Database.Name}\" SET datestyle = '{dateStyle}'");
        Npgsql.NpgsqlConnection.ClearAllPools();
        await using var job = await ChurnAsync(Day);
        await Database.ExecuteAsync("UPDATE customers SET auto_pay = NULL WHERE customer_id % 10 = 0");
        var (first, _) = await job.RunAsync();

        var (second, _) = await job.RunAsync();
        await Database.ExecuteAsync("UPDATE customers SET updated_at = updated_at + interval '1 microsecond' WHERE customer_id % 20 = 0");
        var (third, _) = await job.RunAsync();

        Assert.That((first.RowsScored, first.RowsRejected), Is.EqualTo((36, 4)));
        Assert.That((second.RowsRead, third.RowsRead, third.RowsRejected), Is.EqualTo((0, 2, 2)));
    }

    [Test]
    public async Task A_row_whose_cursor_has_changed_within_reach_is_scored_again()
    {
        await using var job = await ChurnAsync(Day);
        await job.RunAsync();
        await Database.ExecuteAsync("UPDATE customers SET updated_at = updated_at + interval '1 microsecond', support_calls = 9 WHERE customer_id = 100007");

        var (run, _) = await job.RunAsync();

        Assert.That((run.State, run.RowsRead), Is.EqualTo(("published", 1)));
        Assert.That(await Database.QueryAsync<long>("SELECT run_id FROM scoring.job_latest WHERE customer_id = 100007"), Is.EqualTo(new[] { run.RunId }));
    }

    [Test]
    public async Task A_row_on_which_the_filter_fails_is_not_asked_about_again()
    {
        // So dear that the server asks it after the window, but before the outcomes if it may.
        await Database.ExecuteAsync("CREATE FUNCTION fine(integer) RETURNS boolean LANGUAGE plpgsql COST 10000 AS 'BEGIN RETURN 1 / $1 < 2; END'");
        await using var job = await ChurnAsync(Day, filter: "fine(seats)");
        await Database.ExecuteAsync("UPDATE customers SET seats = 5; CREATE TRIGGER no BEFORE INSERT ON scoring.job_predictions FOR EACH ROW EXECUTE FUNCTION no()");
        await job.RunAsync();
        await Database.ExecuteAsync("DROP TRIGGER no ON scoring.job_predictions; UPDATE customers SET seats = 0 WHERE customer_id = 100007");
        var (first, _) = await job.RunAsync();
        await Database.ExecuteAsync("UPDATE customers SET updated_at = now() WHERE customer_id = 100008");

        var (second, end) = await job.RunAsync();

        Assert.That((first.State, first.RowsScored, first.RowsRejected), Is.EqualTo(("published", Rows - 1, 1)));
        Assert.That((second.State, second.RowsScored, second.RowsRejected, end.Error), Is.EqualTo(("published", 1, 0, (string?)null)));
    }

    [TestCase(4, new[] { 16, 18 })]
    [TestCase(long.MaxValue, new[] { 12, 14, 16, 18 })]
    public async Task Numbers_that_come_late_are_found_by_an_integer_cursor(long lookback, int[] found)
    {
        await Database.ExecuteAsync(
            """
            CREATE TABLE numbered (a integer, b text, version smallint NOT NULL, features real[], PRIMARY KEY (a, b));
            INSERT INTO numbered SELECT n, 'Größe "' || n, n, array_fill(n::real, ARRAY[8]) FROM generate_series(11, 20) AS n;
            CREATE TABLE late AS SELECT * FROM numbered WHERE version % 2 = 0;
            DELETE FROM numbered WHERE version % 2 = 0 OR version = 19;
            INSERT INTO numbered VALUES (20, 'z', 19, array_fill(0::real, ARRAY[8])), (21, 'bad', 18, NULL)
            """);
        await using var job = await TestJob.CreateAsync(Database, "vector_input_fasttree",
            new JobSource { Table = new QualifiedName("public", "numbered"), Key = ["b", "a"], Cursor = "version", Lookback = new Lookback(lookback) });
        await job.AppliedAsync();
        await job.RunAsync();
        await Database.ExecuteAsync("INSERT INTO numbered SELECT * FROM late WHERE version < 20");

        var (run, _) = await job.RunAsync();

        Assert.That((run.State, run.WindowFrom, run.RowsRead), Is.EqualTo(("published", "20", found.Length)));
        Assert.That(await Database.QueryAsync<int>("SELECT source_cursor FROM scoring.job_predictions WHERE run_id = 2 ORDER BY 1"), Is.EqualTo(found));
        Assert.That((await job.RunAsync()).Run.RowsRead, Is.Zero);
    }

    [TestCase("withdrawn", 0)]
    [TestCase("abandoned", 5)]
    public async Task Rows_of_a_withdrawn_run_are_scored_and_those_of_an_abandoned_one_are_not(string state, int found)
    {
        await using var job = await ChurnAsync(Day);
        await job.RunAsync();
        // Of a run over a window that somebody named, which is no step of the job's.
        await Database.ExecuteAsync("UPDATE customers SET updated_at = updated_at + interval '1 second' WHERE customer_id <= 100005");
        var bounds = await Database.QueryAsync<string>("SELECT (max(updated_at) + shift)::text FROM customers, (VALUES (interval '-0.9 s'), ('1 s')) AS bound (shift) GROUP BY shift ORDER BY shift");
        var (named, _) = await job.RunAsync(request: new RunRequest(Trigger.Backfill) { Window = new CursorRange(bounds[0], bounds[1]) });
        Assert.That(named.RowsRead, Is.EqualTo(5), "it does not look back itself");
        await Database.ExecuteAsync("UPDATE scoring.runs SET state = @state WHERE run_id = 2", new { state });

        Assert.That((await job.RunAsync()).Run.RowsRead, Is.EqualTo(found));
    }

    [Test]
    public async Task A_run_that_is_taken_up_again_looks_back_as_it_was_planned()
    {
        await using var job = await ChurnAsync(Day);
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 5 } };
        await HoldBackAsync("customer_id % 2 = 0");
        await job.RunAsync();
        await ReleaseAsync();
        await Database.ExecuteAsync("CREATE TRIGGER no BEFORE INSERT ON scoring.job_predictions FOR EACH ROW WHEN (NEW.customer_id = 100012) EXECUTE FUNCTION no()");
        var (failed, _) = await job.RunAsync();
        await Database.ExecuteAsync("DROP TRIGGER no ON scoring.job_predictions");

        LookBack(job, null);
        var (run, _) = await job.RunAsync();

        Assert.That((failed.State, failed.RowsScored, failed.Chunks), Is.EqualTo(("failed", 15, 4)));
        Assert.That((run.RunId, run.State, run.RowsRead), Is.EqualTo((failed.RunId, "published", 20)));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions"), Is.EqualTo(Rows));
    }

    [Test]
    public async Task Rows_that_move_to_and_fro_over_the_windows_start_have_one_outcome_a_run_and_in_the_end_their_own()
    {
        await using var job = await ChurnAsync(Day);
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 4 } };
        using var quiet = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!quiet.IsCancellationRequested)
                await Database.ExecuteAsync("UPDATE customers SET updated_at = clock_timestamp() - random() * interval '6 seconds' WHERE random() < 0.3");
        });

        for (var i = 0; i < 8; i++)
            Assert.That((await job.RunAsync()).End.Error, Is.Null);
        await quiet.CancelAsync();
        await writing;
        await job.RunAsync();

        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM (SELECT FROM scoring.job_predictions GROUP BY run_id, customer_id HAVING count(*) > 1) AS twice"), Is.Zero);
        Assert.That(await Database.ScalarAsync<long>(
            "SELECT count(*) FROM customers AS c WHERE EXISTS (SELECT FROM scoring.job_predictions AS p WHERE (p.customer_id, p.source_cursor) = (c.customer_id, c.updated_at))"), Is.EqualTo(Rows));
    }

    private async Task<TestJob> ChurnAsync(Lookback? lookback, bool staged = false, string? filter = null)
    {
        await CustomersTable.CreateAsync(Database, Rows);
        await Database.ExecuteAsync(
            $"{SetCursors}; CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'no'; END $$");
        var source = CustomersTable.Source with { Lookback = lookback, Filter = filter };
        return await (await TestJob.CreateAsync(
            Database, "churn", staged ? source with { Table = null, Query = "q.sql" } : source, staged ? "SELECT * FROM customers" : null)).AppliedAsync();
    }

    private static void LookBack(TestJob job, Lookback? lookback) =>
        job.Definition = job.Definition with { Source = job.Definition.Source with { Lookback = lookback } };

    /// <summary>Has customers come later than their cursors say.</summary>
    private Task HoldBackAsync(string condition) => Database.ExecuteAsync(
        $"CREATE TABLE late AS SELECT * FROM customers WHERE {condition}; DELETE FROM customers WHERE {condition}");

    private Task ReleaseAsync() => Database.ExecuteAsync("INSERT INTO customers SELECT * FROM late");
}
