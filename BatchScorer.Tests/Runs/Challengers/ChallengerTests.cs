using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Predictions;
using BatchScorer.Tests.Telemetry;

namespace BatchScorer.Tests.Runs.Challengers;

/// <summary>A second model scores the same rows in the same pass, and whatever it does, the job's own predictions are as they would be without it.</summary>
internal sealed class ChallengerTests(ServerKind kind) : DatabaseTests(kind)
{
    private const string Answers = "SELECT concat_ws(' ', customer_id, predicted_label, score, probability) FROM scoring.";

    [Test]
    public async Task Both_models_answer_and_readers_see_only_the_jobs_own()
    {
        await using var job = await ChallengedJob.CreateAsync(Database, ChallengedJob.Second);
        await using var second = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
        second.Job = second.Job with { ModelFile = ChallengedJob.SecondFile, Definition = second.Definition with { Name = "second" } };
        await second.AppliedAsync();

        await job.RunAsync(chunkRows: 15);
        await second.RunAsync();

        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(40)));
        Assert.That(
            await Database.QueryAsync<string>($"{Answers}job_challenger ORDER BY customer_id"),
            Is.EqualTo(await Database.QueryAsync<string>($"{Answers}second_predictions ORDER BY customer_id")));
        Assert.That(
            await Database.ScalarAsync<string>("SELECT concat_ws(' ', model_version, challenger_name, challenger_version, rows_scored, rows_rejected, chunks_left_out, fault) FROM scoring.challenger_runs"),
            Is.EqualTo("1 churn 2 40 0 0"));
        Assert.That(
            await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.models JOIN scoring.runs ON sha256 IN (model_sha256, challenger_sha256) WHERE job = 'job'"), Is.EqualTo(2), "the bytes of both");
        Assert.That(await Uncommented.FindAsync(Database), Is.Empty);
    }

    [Test]
    public async Task What_is_written_is_the_same_whatever_the_chunks_and_each_model_rejects_rows_alone()
    {
        await using var job = await ChallengedJob.CreateAsync(Database, ChallengedJob.Vectors, rows: 2500);
        await Database.ExecuteAsync(
            """
            UPDATE customers SET auto_pay = NULL WHERE customer_id % 100 = 1;
            UPDATE customers SET features = '{1}' WHERE customer_id % 100 IN (1, 2);
            UPDATE customers SET features = NULL WHERE customer_id % 100 = 3;
            """);
        var whole = await job.RunAsync(chunkRows: 2500);
        var cut = await job.RunAsync(chunkRows: 113);
        job.Job.Definition = job.Job.Definition with { Challenger = null };
        var alone = await job.RunAsync(chunkRows: 700);

        foreach (var table in new[] { "predictions", "challenger" })
        {
            Assert.That(
                await Database.QueryAsync<string>($"{Answers}job_{table} WHERE run_id = {whole.RunId} ORDER BY 1"),
                Is.EqualTo(await Database.QueryAsync<string>($"{Answers}job_{table} WHERE run_id = {cut.RunId} ORDER BY 1")), table);
        }

        Assert.That(
            await Database.QueryAsync<string>($"{Answers}job_predictions WHERE run_id = {alone.RunId} ORDER BY 1"),
            Is.EqualTo(await Database.QueryAsync<string>($"{Answers}job_predictions WHERE run_id = {cut.RunId} ORDER BY 1")), "as without a challenger");
        Assert.That((cut.RowsScored, cut.RowsRejected), Is.EqualTo((2475, 25)));
        var fields = await Database.QueryAsync<string>("SELECT concat_ws(' ', rows_scored, rows_rejected, chunks_left_out, rejection) FROM scoring.challenger_runs ORDER BY run_id");
        Assert.That(fields, Has.Count.EqualTo(2).And.All.StartsWith("2425 75 0 features: "));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_comparison"), Is.EqualTo(2 * 2425));
    }

    [Test]
    public async Task A_chunk_in_which_the_challenger_cannot_be_written_or_a_row_cannot_be_read_is_done_without_it()
    {
        using var logs = new CollectedLogs();
        await using var job = await ChallengedJob.CreateAsync(Database, ChallengedJob.Vectors, loggers: logs);
        await Database.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '22003', MESSAGE = 'not this one'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON scoring.job_challenger FOR EACH ROW WHEN (NEW.customer_id = 100015) EXECUTE FUNCTION refuse();
            CREATE TRIGGER refuse BEFORE INSERT ON scoring.job_predictions FOR EACH ROW WHEN (NEW.customer_id = 100025) EXECUTE FUNCTION refuse();
            """);

        var run = await job.RunAsync(chunkRows: 10);

        Assert.That((run.RowsScored, run.RowsRejected), Is.EqualTo((39, 1)));
        Assert.That(await Database.QueryAsync<string>("SELECT concat_ws(' ', rows_scored, rows_rejected, fault) FROM scoring.challenger_chunks ORDER BY chunk_no"), Is.EqualTo(new[]
        {
            "10 0", "0 0 not this one (22003)", "0 0 a row of the chunk could not be read or written, and was searched for without the challenger", "10 0",
        }));
        Assert.That(logs.Lines.Select(line => line.Text), Has.Member("Chunk 1 of run 1 of job job is done, but its challenger is left out of it: not this one (22003)"));
    }

    [TestCase("churn@3", "SELECT 1", "churn@3: Model \"churn\" has no version \"3\", expected one of 1, 2.")]
    [TestCase(ChallengedJob.Vectors, "ALTER TABLE customers DROP features", "vectors@1: inputs.Features: the model's input \"Features\" is like no column; name the one that is meant, \"inputs\": { \"Features\": \"…\" }")]
    [TestCase(ChallengedJob.Second, "DROP TABLE scoring.job_challenger CASCADE", "Job \"job\" has no table scoring.job_challenger yet: run `batchscorer db migrate` once, as the owner of the schema.")]
    public async Task A_run_whose_challenger_will_not_do_goes_on_without_it_and_says_why(string challenger, string sql, string fault)
    {
        using var logs = new CollectedLogs();
        await using var job = await ChallengedJob.CreateAsync(Database, ChallengedJob.Second, rows: 5, loggers: logs);
        job.Job.Definition = job.Job.Definition with { Challenger = challenger };
        await Database.ExecuteAsync(sql);

        var run = await job.RunAsync();

        Assert.That((run.State, run.RowsScored), Is.EqualTo(("published", 5)));
        Assert.That(logs.Lines.Select(line => line.Text), Has.Member($"Run 1 of job job goes on without its challenger: {fault}"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.challenger_runs"), Is.Zero);
    }

    [Test]
    public async Task A_run_that_is_taken_up_again_goes_on_with_the_challenger_that_it_froze_or_without_where_its_bytes_are_gone()
    {
        await using var job = await ChallengedJob.CreateAsync(Database, ChallengedJob.Vectors);
        job.Job.Definition = job.Job.Definition with { Work = new JobWork { ChunkRows = 10 } };
        await StopAfterAsync(job.Job, rows: 10);
        job.Job.Definition = job.Job.Definition with { Challenger = ChallengedJob.Second };

        await StopAfterAsync(job.Job, rows: 20);
        await Database.ExecuteAsync("ALTER TABLE scoring.models DISABLE TRIGGER ALL; DELETE FROM scoring.models WHERE sha256 = (SELECT challenger_sha256 FROM scoring.runs)");
        var (run, end) = await job.Job.RunAsync(partitions: 1);

        Assert.That((run.RunId, run.State, run.RowsScored, end.Error), Is.EqualTo((1, "published", 40, null as string)));
        Assert.That(
            await Database.QueryAsync<string>("SELECT concat_ws(' ', challenger_name, rows_scored, chunks_left_out, left(fault, 30)) FROM scoring.challenger_runs"),
            Is.EqualTo(new[] { "vectors 20 2 vectors@1: Model vectors 1 wit" }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_comparison"), Is.EqualTo(20));
    }

    [Test]
    public async Task The_model_that_scores_anyway_is_no_challenger()
    {
        await using var job = await ChallengedJob.CreateAsync(Database, ChallengedJob.Second, rows: 5);
        await job.Registry.PromoteAsync(ChallengedJob.Second);

        await job.RunAsync();

        Assert.That(await Database.ScalarAsync<string>("SELECT concat_ws(' ', model_version, challenger_version) FROM scoring.runs"), Is.EqualTo("2"));
    }

    [Test]
    public async Task What_a_challenger_answered_goes_with_the_predictions_of_its_runs()
    {
        await using var job = await ChallengedJob.CreateAsync(Database, ChallengedJob.Second, rows: 5);
        await job.RunAsync();
        await Database.ExecuteAsync(
            """
            SELECT scoring.ensure_predictions_partition('job', '2024-03-15'), scoring.ensure_challenger_partition('job', '2024-03-15');
            UPDATE scoring.job_predictions SET planned_on = '2024-03-15';
            UPDATE scoring.job_challenger SET planned_on = '2024-03-15';
            """);
        Assert.That(await Database.ScalarAsync<bool>("SELECT scoring.drop_expired_challenger('job')"), Is.False);
        await Database.ExecuteAsync("DROP TABLE scoring.job_predictions_202403");

        Assert.That(await Database.ScalarAsync<bool>("SELECT scoring.drop_expired_challenger('job')"), Is.True);

        Assert.That(await Database.QueryAsync<string>("SELECT beside FROM scoring.challenger_partitions('job')"), Is.EqualTo(await Database.QueryAsync<string>("SELECT partition FROM scoring.predictions_partitions('job')")));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_challenger"), Is.Zero);
    }

    private static async Task StopAfterAsync(TestJob job, int rows)
    {
        using var stop = new CancellationTokenSource();
        var stopThen = new StopAfter(rows, stop);
        await Assert.ThatAsync(() => job.RunAsync(partitions: 1, stopThen, cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private sealed class StopAfter(int rows, CancellationTokenSource stop) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.RowsDone >= rows)
                stop.Cancel();
        }
    }
}
