using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs;

internal sealed class RejectionTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task Rows_that_cannot_be_scored_are_kept_with_their_reason_and_the_rest_is_scored()
    {
        await using var job = await HousesAsync(rows: 50);
        await Database.ExecuteAsync(
            """
            UPDATE houses SET rooms = NULL WHERE id = 3;
            UPDATE houses SET tax_rate = 1e300 WHERE id = 5;
            """);

        var (run, end) = await job.RunAsync();

        Assert.That(end.ExitCode, Is.EqualTo(ExitCode.Done));
        Assert.That((run.RowsRead, run.RowsScored, run.RowsRejected), Is.EqualTo((50, 48, 2)));
        Assert.That(await Database.QueryAsync<string>("SELECT format('%s %s: %s (%s)', key, column_name, reason, \"row\"->>'rooms') FROM scoring.rejected_rows ORDER BY key"), Is.EqualTo(new[]
        {
            """{"id": 3} score: the model's score is NaN, not a number ()""",
            """{"id": 5} tax_rate: 1E+300 is beyond the range of Single (4)""",
        }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest WHERE id IN (3, 5)"), Is.Zero);
    }

    [Test]
    public async Task A_row_of_nulls_is_scored_where_the_model_knows_missing_values_and_rejected_where_it_does_not()
    {
        await CustomersTable.CreateAsync(Database, 2);
        await Database.ExecuteAsync(
            """
            INSERT INTO customers (customer_id, updated_at) VALUES (1, '2026-03-01T00:00Z');
            INSERT INTO customers (customer_id, updated_at, auto_pay, mobile_app) VALUES (2, '2026-03-01T00:00Z', true, false);
            """);
        await using var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
        await job.AppliedAsync();

        var (run, _) = await job.RunAsync();

        Assert.That((run.RowsScored, run.RowsRejected), Is.EqualTo((3, 1)));
        Assert.That(await Database.QueryAsync<string>("SELECT format('%s %s %s', key, column_name, source_cursor) FROM scoring.rejected_rows"), Is.EqualTo(new[] { """{"customer_id": 1} auto_pay 2026-03-01 00:00:00+00""" }));
        Assert.That((await job.Catalog.ReasonsAsync(run.RunId, default)).Single(), Is.EqualTo(new RejectionReason
        {
            Column = "auto_pay", Reason = "the value is null, and the model's input is Boolean, which has no missing value", Rows = 1, ExampleKey = """{"customer_id": 1}""",
        }));
    }

    [Test]
    public async Task A_row_whose_score_is_no_number_is_rejected_even_where_only_its_label_is_stored()
    {
        await Database.ExecuteAsync("CREATE TABLE vectors (id integer PRIMARY KEY, features real[]); INSERT INTO vectors VALUES (1, array_fill(1::real, ARRAY[8])), (2, NULL)");
        await using var job = await TestJob.CreateAsync(Database, "vector_input", new JobSource { Table = new QualifiedName("public", "vectors"), Key = ["id"] });
        job.Definition = job.Definition with { Outputs = new Dictionary<string, string> { ["label"] = "PredictedLabel" } };
        await job.AppliedAsync();

        var (run, _) = await job.RunAsync();

        Assert.That((run.RowsScored, run.RowsRejected), Is.EqualTo((1, 1)));
        Assert.That(await Database.ScalarAsync<string>("SELECT column_name FROM scoring.rejected_rows"), Is.EqualTo("Score"));
    }

    [Test]
    public async Task Rejected_rows_that_are_long_are_written_some_at_a_time()
    {
        await using var job = await HousesAsync(rows: 600);
        await Database.ExecuteAsync(
            """
            ALTER TABLE houses ADD note text;
            UPDATE houses SET rooms = NULL, note = CASE WHEN id <= 40 THEN repeat('x', 1000000) END;
            CREATE TABLE written (rows bigint, bytes bigint);
            CREATE FUNCTION note_rows() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN INSERT INTO written SELECT count(*), sum(length("row"::text)) FROM fresh; RETURN NULL; END $$;
            CREATE TRIGGER note_rows AFTER INSERT ON scoring.rejected_rows REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION note_rows();
            """);
        job.Definition = job.Definition with { Carry = ["note"] };
        await job.AppliedAsync();

        var (run, _) = await job.RunAsync(partitions: 1);

        Assert.That((run.ChunksDone, run.RowsRejected), Is.EqualTo((1, 600)));
        Assert.That(await Database.QueryAsync<long>("SELECT rows FROM written"), Is.EqualTo(new long[] { 9, 9, 9, 9, 564 }));
        Assert.That(await Database.QueryAsync<long>("SELECT bytes FROM written"), Is.All.LessThan(10_000_000));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.rejected_rows WHERE (key->>'id')::integer = (\"row\"->>'id')::integer AND length(\"row\"->>'note') = 1000000"), Is.EqualTo(40));
    }

    [TestCase(2, 1.0, "3 of 50 rows (6%) were rejected, and limits.rejectedRows allows 2")]
    [TestCase(1000, 0.05, "3 of 50 rows (6%) were rejected, and limits.rejectedShare allows 5%")]
    public async Task Over_a_limit_the_run_fails_publishes_nothing_and_keeps_its_chunks(int rows, double share, string reason)
    {
        await using var job = await HousesAsync(rows: 50);
        await Database.ExecuteAsync("UPDATE houses SET rooms = NULL WHERE id <= 3");
        job.Definition = job.Definition with { Limits = new JobLimits { RejectedRows = rows, RejectedShare = share } };

        var (run, end) = await job.RunAsync();

        Assert.That(end.ExitCode, Is.EqualTo(ExitCode.RejectedOverLimit));
        Assert.That(end.Error, Does.StartWith(reason));
        Assert.That((run.State, run.Error, run.ChunksDone), Is.EqualTo(("failed", end.Error, 1)));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest"), Is.Zero);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions"), Is.EqualTo(47));
    }

    [Test]
    public async Task A_limit_on_rows_ends_the_run_before_its_later_chunks()
    {
        await using var job = await HousesAsync(rows: 50);
        await Database.ExecuteAsync("UPDATE houses SET rooms = NULL");
        job.Definition = job.Definition with { Limits = new JobLimits { RejectedRows = 12, RejectedShare = 1 }, Work = new JobWork { ChunkRows = 5 } };

        var (run, end) = await job.RunAsync(partitions: 1);

        Assert.That(end.ExitCode, Is.EqualTo(ExitCode.RejectedOverLimit));
        Assert.That((run.ChunksDone, run.RowsRejected), Is.EqualTo((3, 15)));
    }

    [Test]
    public async Task Accepting_the_rejected_rows_publishes_the_rest()
    {
        await using var job = await HousesAsync(rows: 50);
        await Database.ExecuteAsync("UPDATE houses SET rooms = NULL WHERE id <= 3");
        job.Definition = job.Definition with { Limits = new JobLimits { RejectedRows = 0 } };
        var (run, _) = await job.RunAsync();
        var open = await RunStore.FindOpenAsync(Database.DataSource, "job", isReplay: false, default);

        var end = await job.Runner.ResumeAsync(open!, acceptRejected: true, new Progress<RunProgress>(), default);

        Assert.That((open!.Id, end.ExitCode), Is.EqualTo((run.RunId, ExitCode.Done)));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest"), Is.EqualTo(47));
    }

    /// <summary>A linear model without replacement of missing values: its score of a row with a null is NaN.</summary>
    private async Task<TestJob> HousesAsync(int rows)
    {
        await Database.ExecuteAsync(
            """
            CREATE TABLE houses (id integer PRIMARY KEY, living_area real, lot_size integer, rooms smallint, bathrooms real, build_year integer, floor integer,
                station_distance real, school_distance real, noise real, sun_hours integer, balcony real, heating_index real, tax_rate double precision);
            INSERT INTO houses SELECT n, 70 + n, 600, 4, 1.5, 2017, 0, 1.95, 1.75, 55.7, 1640, 0, 64.08, 6.66 FROM generate_series(1, @rows) AS n
            """, new { rows });
        var job = await TestJob.CreateAsync(Database, "sdca_regression", new JobSource { Table = new QualifiedName("public", "houses"), Key = ["id"] });
        return await job.AppliedAsync();
    }
}
