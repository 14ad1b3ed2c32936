using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs;

/// <summary>Chunks that fail on their data, and chunks that have grown.</summary>
internal sealed class BadRowTests(ServerKind kind) : DatabaseTests(kind)
{
    [TestCase(new[] { 100_007 })]
    [TestCase(new[] { 100_001, 100_100 })]
    [TestCase(new[] { 100_031, 100_032, 100_033, 100_050, 100_090 })]
    public async Task Exactly_the_rows_on_which_the_source_fails_are_rejected(int[] bad)
    {
        await using var job = await ChurnAsync(filter: "1 / good > 0");
        var planning = await StopAfterPlanningAsync(job);
        await Database.ExecuteAsync("UPDATE customers SET good = 0 WHERE customer_id = ANY(@bad)", new { bad });

        var (run, end) = await job.RunAsync();

        Assert.That((run.RunId, end), Is.EqualTo((planning, new RunEnd(ExitCode.Done, null))));
        await AssertRejectedAsync(run, bad, "division by zero (22012)");
        Assert.That((await job.Catalog.ChunksAsync(run.RunId, default)).Select(chunk => chunk.Attempts), Is.All.EqualTo(1));
        Assert.That(await Database.ScalarAsync<string>("SELECT \"row\"->>'plan' FROM scoring.rejected_rows LIMIT 1"), Is.Not.Null);
    }

    [Test]
    public async Task Exactly_the_rows_that_cannot_be_written_are_rejected()
    {
        await using var job = await ChurnAsync();
        await Database.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '22003', MESSAGE = 'not this one'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON scoring.job_predictions FOR EACH ROW WHEN (NEW.customer_id IN (100010, 100077)) EXECUTE FUNCTION refuse()
            """);

        var (run, _) = await job.RunAsync();

        await AssertRejectedAsync(run, [100_010, 100_077], "not this one (22003)");
    }

    [Test]
    public async Task Exactly_the_rows_on_which_the_model_fails_are_rejected()
    {
        await using var job = await ChurnAsync();
        await StopAfterPlanningAsync(job);
        await Database.ExecuteAsync("UPDATE customers SET tenure_months = 4242 WHERE customer_id IN (100002, 100099)");

        var end = await job.ResumeAsync(1, model => new Picky(model, 4242));

        Assert.That(end, Is.EqualTo(new RunEnd(ExitCode.Done, null)));
        await AssertRejectedAsync(await job.Catalog.ReadAsync(1, default), [100_002, 100_099], "no such tenure");
    }

    [Test]
    public async Task The_search_ends_once_too_many_rows_are_bad_and_goes_on_from_there_when_they_are_accepted()
    {
        await using var job = await ChurnAsync(chunkRows: 100, filter: "1 / good > 0");
        job.Definition = job.Definition with { Limits = new JobLimits { RejectedRows = 10, RejectedShare = 1 } };
        await StopAfterPlanningAsync(job);
        await Database.ExecuteAsync("UPDATE customers SET good = 0 WHERE customer_id > 100005");

        var (run, end) = await job.RunAsync();

        Assert.That((end.ExitCode, run.State), Is.EqualTo((ExitCode.RejectedOverLimit, "failed")));
        Assert.That(await ChunksAsync(job, run), Is.EqualTo(new (string, int?, int?)[] { ("done", 16, 11), ("pending", null, null) }));
        Assert.That(await Database.QueryAsync<long>("SELECT (key->>'customer_id')::bigint FROM scoring.rejected_rows ORDER BY 1"), Is.EqualTo(Enumerable.Range(100_006, 11)));

        var accepted = await job.Runner.ResumeAsync(await job.ReadAsync(run.RunId), acceptRejected: true, new Progress<RunProgress>(), default);

        Assert.That(accepted, Is.EqualTo(new RunEnd(ExitCode.Done, null)));
        Assert.That(await ChunksAsync(job, run), Is.EqualTo(new (string, int?, int?)[] { ("done", 16, 11), ("done", 84, 84) }));
        await AssertRejectedAsync(await job.Catalog.ReadAsync(run.RunId, default), [.. Enumerable.Range(100_006, 95)], "division by zero (22012)");
    }

    [Test]
    public async Task A_search_that_takes_long_is_committed_in_time_and_goes_on_as_another_chunk()
    {
        await using var job = await ChurnAsync(rows: 20, chunkRows: 20, filter: "pg_sleep(0.1) IS NOT NULL AND 1 / good > 0");
        job.Definition = job.Definition with { Limits = new JobLimits { RejectedShare = 1, ChunkTime = TimeSpan.FromSeconds(4) } };
        await StopAfterPlanningAsync(job);
        await Database.ExecuteAsync("UPDATE customers SET good = 0 WHERE customer_id IN (100002, 100012, 100019)");

        var (run, end) = await job.RunAsync(partitions: 1);

        Assert.That((end.Error, run.State, run.RowsRead, run.RowsRejected), Is.EqualTo(((string?)null, "published", 20, 3)));
        Assert.That(run.Chunks, Is.GreaterThan(1));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(20).Where(row => row.Id is not (100_002 or 100_012 or 100_019))));
    }

    [Test]
    public async Task A_chunk_that_has_grown_over_four_times_its_size_is_split()
    {
        await using var job = await ChurnAsync(rows: 10, chunkRows: 5);
        await StopAfterPlanningAsync(job);
        await Database.ExecuteAsync(
            """
            INSERT INTO customers SELECT (jsonb_populate_record(customer, jsonb_build_object('customer_id', 200000 + n))).* FROM customers AS customer, generate_series(1, 23) AS n
            WHERE customer_id = 100001
            """);

        var (run, end) = await job.RunAsync();

        Assert.That(end.Error, Is.Null);
        Assert.That((run.State, run.Chunks, run.ChunksDone, run.RowsRead), Is.EqualTo(("published", 7, 7, 33)));
        Assert.That((await job.Catalog.ChunksAsync(run.RunId, default)).Select(chunk => chunk.RowsRead), Is.EqualTo(new[] { 5, 5, 5, 5, 5, 5, 3 }));
        Assert.That(await Database.ScalarAsync<int>("SELECT chunks FROM scoring.runs"), Is.EqualTo(7));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest"), Is.EqualTo(33));
        Assert.That(await Database.QueryAsync<string>("SELECT chunk_no || outcome FROM scoring.chunk_attempts WHERE chunk_no = 1 ORDER BY attempt_id"), Is.EqualTo(new[] { "1split", "1done" }));
    }

    [Test]
    public async Task A_chunk_that_has_grown_to_four_times_its_size_is_read_as_one()
    {
        await using var job = await ChurnAsync(rows: 10, chunkRows: 5);
        await StopAfterPlanningAsync(job);
        await Database.ExecuteAsync(
            """
            INSERT INTO customers SELECT (jsonb_populate_record(customer, jsonb_build_object('customer_id', 200000 + n))).* FROM customers AS customer, generate_series(1, 15) AS n
            WHERE customer_id = 100001
            """);

        var (run, _) = await job.RunAsync();

        Assert.That((run.State, run.Chunks, run.RowsRead), Is.EqualTo(("published", 2, 25)));
    }

    private async Task<TestJob> ChurnAsync(int rows = 100, int chunkRows = 25, string? filter = null)
    {
        await CustomersTable.CreateAsync(Database, rows);
        await Database.ExecuteAsync("ALTER TABLE customers ADD good integer NOT NULL DEFAULT 1");
        var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source with { Filter = filter });
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = chunkRows } };
        return await job.AppliedAsync();
    }

    /// <summary>Plans a run, and has none of its chunks done.</summary>
    private async Task<long> StopAfterPlanningAsync(TestJob job)
    {
        await Database.ExecuteAsync(
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'no'; END $$; CREATE TRIGGER no BEFORE INSERT ON scoring.job_predictions FOR EACH ROW EXECUTE FUNCTION no()");
        var (run, _) = await job.RunAsync();
        await Database.ExecuteAsync("DROP TRIGGER no ON scoring.job_predictions; DELETE FROM scoring.chunk_attempts");
        return run.RunId;
    }

    private static async Task<IEnumerable<(string, int?, int?)>> ChunksAsync(TestJob job, RunRecord run) =>
        (await job.Catalog.ChunksAsync(run.RunId, default)).Select(chunk => (chunk.State, chunk.RowsRead, chunk.RowsRejected));

    private async Task AssertRejectedAsync(RunRecord run, int[] bad, string reason)
    {
        Assert.That((run.State, run.RowsRead, run.RowsScored, run.RowsRejected), Is.EqualTo(("published", 100, 100 - bad.Length, bad.Length)));
        Assert.That(await Database.QueryAsync<(int, string)>("SELECT (key->>'customer_id')::integer, reason FROM scoring.rejected_rows ORDER BY 1"), Is.EqualTo(bad.Select(id => (id, reason))));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(100).Where(row => !bad.Contains((int)row.Id))));
    }

    /// <summary>A model that fails on a whole batch for one row in it, as ML.NET's may.</summary>
    private sealed class Picky(IModel inner, float tenure) : IModel
    {
        public ModelSchema Schema => inner.Schema;

        public string Engine => inner.Engine;

        public void Score(Batch inputs, Batch outputs, ICollection<RowFault> faults)
        {
            if (((Column<float>)inputs["TenureMonths"]).Values.AsSpan(0, inputs.RowCount).Contains(tenure))
                throw new InvalidOperationException("no such tenure");
            inner.Score(inputs, outputs, faults);
        }

        public void Dispose() => inner.Dispose();
    }
}
