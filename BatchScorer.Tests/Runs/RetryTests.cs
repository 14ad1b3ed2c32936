using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs;

/// <summary>Chunks that fail, and are tried again or not.</summary>
internal sealed class RetryTests(ServerKind kind) : DatabaseTests(kind)
{
    [TestCase("40001", 1)]
    [TestCase("40P01", 4)]
    [TestCase("53100", 2)]
    [TestCase("55P03", 1)]
    [TestCase("57P01", 1)]
    public async Task A_chunk_that_fails_from_a_cause_that_passes_is_tried_again_until_it_has(string state, int times)
    {
        await using var job = await ChurnAsync();
        await FailAsync(state, times);

        var (run, end) = await job.RunAsync();

        Assert.That((end.ExitCode, run.State, run.RowsRead, run.Error), Is.EqualTo((ExitCode.Done, "published", 100, (string?)null)));
        Assert.That((await job.Catalog.ChunksAsync(run.RunId, default)).Select(chunk => (chunk.Attempts, chunk.Error)),
            Is.EqualTo(new (int, string?)[] { (1, null), (times + 1, null), (1, null), (1, null) }));
        Assert.That(await Database.QueryAsync<string>("SELECT outcome || coalesce(': ' || error, '') FROM scoring.chunk_attempts WHERE chunk_no = 1 ORDER BY attempt_id"),
            Is.EqualTo(Enumerable.Range(1, times).Select(i => $"failed: trouble {i} ({state})").Append("done")));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(100)));
    }

    [Test]
    public async Task A_chunk_waits_twice_as_long_after_each_attempt_that_failed()
    {
        await using var job = await ChurnAsync();
        await FailAsync("40001", 4);
        await Database.ExecuteAsync(
            """
            CREATE TABLE waits (at timestamptz, not_before timestamptz);
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO waits VALUES (clock_timestamp(), NEW.not_before); RETURN NULL; END $$;
            CREATE TRIGGER wait AFTER UPDATE ON scoring.chunks FOR EACH ROW WHEN (NEW.not_before IS NOT NULL) EXECUTE FUNCTION wait();
            """);

        await job.RunAsync();

        var waits = await Database.QueryAsync<double>("SELECT extract(epoch FROM not_before - at) * 1000 FROM waits ORDER BY at");
        Assert.That(waits, Is.EqualTo(new[] { 20.0, 40, 80, 160 }).Within(15));
    }

    [Test]
    public async Task After_its_attempts_a_chunk_fails_with_its_first_cause_and_the_others_are_kept()
    {
        await using var job = await ChurnAsync();
        await FailAsync("53100", 100);

        var (run, end) = await job.RunAsync();

        Assert.That((end.ExitCode, run.State, run.ChunksDone, run.ChunksFailed), Is.EqualTo((ExitCode.Failed, "failed", 3, 1)));
        Assert.That(run.Error, Does.StartWith("trouble 1 (53100) (given up after 5 attempts)"));
        Assert.That((await job.Catalog.ChunksAsync(run.RunId, default)).Select(chunk => chunk.Attempts), Is.EqualTo(new[] { 1, 5, 1, 1 }));

        await Database.ExecuteAsync("UPDATE trouble SET times = 0");
        var (again, _) = await job.RunAsync();
        Assert.That((again.RunId, again.State), Is.EqualTo((run.RunId, "published")));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(100)));
    }

    [TestCase("42P01")]
    [TestCase("42501")]
    [TestCase("23514")]
    public async Task A_cause_that_cannot_pass_fails_the_chunk_at_once(string state)
    {
        await using var job = await ChurnAsync();
        await FailAsync(state, 100);

        var (run, _) = await job.RunAsync();

        Assert.That((run.State, run.ChunksDone, run.Error), Is.EqualTo(("failed", 3, $"trouble 1 ({state}) (1 failed chunk(s); the others are kept). Mend the cause, then `batchscorer run job` goes on where this run stopped.")));
        Assert.That((await job.Catalog.ChunksAsync(run.RunId, default)).Select(chunk => chunk.Attempts), Is.EqualTo(new[] { 1, 1, 1, 1 }));
    }

    [Test]
    public async Task A_chunk_that_kills_its_workers_is_given_up_after_its_attempts()
    {
        await using var job = await ChurnAsync();
        await FailAsync("42P01", 100);
        var (run, _) = await job.RunAsync();
        // What five workers would have left behind that were killed.
        await Database.ExecuteAsync(
            """
            UPDATE scoring.runs SET state = 'running';
            UPDATE scoring.chunks SET state = 'pending', error = NULL WHERE chunk_no = 1;
            DELETE FROM scoring.chunk_attempts WHERE chunk_no = 1;
            INSERT INTO scoring.chunk_attempts (run_id, chunk_no, host, process_id, backend_pid, backend_start)
            SELECT run_id, 1, 'node', 1, 1, now() FROM scoring.runs, generate_series(1, 5)
            """);

        var (again, end) = await job.RunAsync();

        Assert.That((again.RunId, end.ExitCode, again.ChunksDone), Is.EqualTo((run.RunId, ExitCode.Failed, 3)));
        Assert.That(again.Error, Does.StartWith("given up after 5 attempts whose workers died. Its rows may be what kills them"));
    }

    /// <summary>Four chunks.</summary>
    private async Task<TestJob> ChurnAsync()
    {
        await CustomersTable.CreateAsync(Database, 100);
        var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 25 } };
        return await job.AppliedAsync();
    }

    /// <summary>Has the second chunk fail with this state so many times: just before its end, when all of it is written.</summary>
    private Task FailAsync(string state, int times) => Database.ExecuteAsync(
        $$"""
        CREATE TABLE trouble (times integer);
        INSERT INTO trouble VALUES ({{times}});
        CREATE SEQUENCE troubles;
        CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            time bigint := nextval('troubles');
        BEGIN
            IF time <= (SELECT times FROM trouble) THEN
                RAISE EXCEPTION USING ERRCODE = '{{state}}', MESSAGE = 'trouble ' || time;
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER trouble BEFORE UPDATE ON scoring.chunks FOR EACH ROW WHEN (NEW.state = 'done' AND NEW.chunk_no = 1) EXECUTE FUNCTION trouble();
        """);
}
