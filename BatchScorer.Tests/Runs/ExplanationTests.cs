using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;
using Npgsql;

namespace BatchScorer.Tests.Runs;

/// <summary><c>scoring.explain_prediction</c>: where a prediction comes from.</summary>
internal sealed class ExplanationTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task A_prediction_is_led_back_to_run_model_job_source_and_host()
    {
        await CustomersTable.CreateAsync(Database, 30);
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 10 }, Description = "Who leaves" };
        await job.RunAsync();
        await Database.ExecuteAsync("UPDATE customers SET updated_at = clock_timestamp() WHERE customer_id = 100015");
        await job.RunAsync();

        var first = await ExplainAsync("'100014'");
        var second = await ExplainAsync("100015");

        var expected = CustomersTable.ExpectedScores(30).ToDictionary(score => score.Id, score => score.Score);
        Assert.That((first.RunId, first.ChunkNo, first.ChunkKeyFrom, first.ChunkRows, first.Attempts), Is.EqualTo((1, 1, "{100011}", 10, 1)));
        Assert.That((second.RunId, second.ChunkNo, second.ChunkRows), Is.EqualTo((2, 0, 1)));
        Assert.That((first.Score, second.Score), Is.EqualTo((expected[100_014], expected[100_015])));
        Assert.That((first.Host, first.ProcessId, first.Engine, first.ModelName), Is.EqualTo((Environment.MachineName, Environment.ProcessId, "compiled", "model")).IgnoreCase);
        Assert.That(first.ModelSha256, Is.EqualTo(ModelFile.Read(TestJob.GoldenModel("churn")).Sha256));
        Assert.That((first.SourceQuery, first.ProgramVersion, first.Trigger), Is.EqualTo(("\"public\".\"customers\"", RunStore.ProgramVersion, "manual")));
        Assert.That(first.JobFile, Does.Contain("\"description\": \"Who leaves\"").And.Contain("\"chunkRows\": 10"));
        Assert.That(await Database.ScalarAsync<bool>(
            """
            SELECT planned_at < attempt_started_at AND attempt_started_at < scored_at AND scored_at < published_at AND run_duration > '0'
               AND least(chunk_read_ms, chunk_score_ms, chunk_write_ms) >= 0 AND source_cursor::timestamptz = (SELECT updated_at FROM customers WHERE customer_id = 100014)
            FROM scoring.explain_prediction('job', '100014')
            """), Is.True);
    }

    [Test]
    public async Task A_query_is_told_as_the_run_froze_it_and_a_key_of_several_columns_in_either_way()
    {
        await Database.ExecuteAsync(
            """
            CREATE TABLE visits (shop text, visit integer, features real[], PRIMARY KEY (shop, visit));
            INSERT INTO visits SELECT shop, 17, array_fill(1::real, ARRAY[8]) FROM unnest('{"it''s 1",2}'::text[]) AS shop
            """);
        const string Query = "SELECT *, 'a comment; -- ' AS remark FROM visits";
        await using var job = await (await TestJob.CreateAsync(Database, "vector_input_fasttree", new JobSource { Query = "visits.sql", Key = ["shop", "visit"] }, Query)).AppliedAsync();
        await job.RunAsync();

        foreach (var key in new[] { "'it''s 1', '17'", "'{\"visit\": 17, \"shop\": \"it''s 1\"}'::jsonb", "VARIADIC ARRAY['it''s 1', '17']" })
        {
            Assert.That(await Database.QueryAsync<string>($"SELECT source_query FROM scoring.explain_prediction('job', {key})"), Is.EqualTo(new[] { Query }), key);
            Assert.That(await Database.QueryAsync<string>($"SELECT prediction ->> 'shop' FROM scoring.explain_prediction('job', {key})"), Is.EqualTo(new[] { "it's 1" }), key);
        }
    }

    [TestCase("'nobody', '1'", "There is no job \"nobody\"; there are: job.")]
    [TestCase("'job', '1', '2'", "The key of job \"job\" is (customer_id), got 2 value(s).")]
    [TestCase("'job', '{\"id\": 1}'::jsonb", "The key of job \"job\" is (customer_id), got {\"id\": 1}.")]
    [TestCase("'job', '{\"customer_id\": 1, \"id\": 1}'::jsonb", "The key of job \"job\" is (customer_id), got {\"id\": 1, \"customer_id\": 1}.")]
    [TestCase("'job', NULL::jsonb", "The key of job \"job\" is (customer_id), got null.")]
    public async Task What_is_asked_wrongly_is_told_what_was_expected(string arguments, string message)
    {
        await using var job = await AppliedAsync();

        Assert.That(async () => await Database.QueryAsync<long>($"SELECT run_id FROM scoring.explain_prediction({arguments})"),
            Throws.TypeOf<PostgresException>().With.Property(nameof(PostgresException.MessageText)).EqualTo(message));
    }

    [Test]
    public async Task A_key_without_a_prediction_has_no_explanation_and_a_withdrawn_run_explains_nothing()
    {
        await using var job = await AppliedAsync();
        await job.RunAsync();
        Assert.That(await Database.QueryAsync<long>("SELECT run_id FROM scoring.explain_prediction('job', 5)"), Is.Empty);

        await using var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);
        await new RunControl(database).WithdrawAsync(1, default);
        Assert.That(await Database.QueryAsync<long>("SELECT run_id FROM scoring.explain_prediction('job', 100001)"), Is.Empty);
    }

    private async Task<TestJob> AppliedAsync()
    {
        await CustomersTable.CreateAsync(Database, 3);
        return await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
    }

    private async Task<Explanation> ExplainAsync(string key) => (await Database.QueryAsync<Explanation>(
        $"""
        SELECT run_id, chunk_no, chunk_key_from::text, chunk_rows, attempts, (prediction ->> 'score')::real AS score, host, process_id, engine,
               model_name, model_sha256, source_query, program_version, trigger, job_file
        FROM scoring.explain_prediction('job', {key})
        """)).Single();

    private sealed record Explanation(
        long RunId, int ChunkNo, string ChunkKeyFrom, int ChunkRows, int Attempts, float Score, string Host, int ProcessId, string Engine,
        string ModelName, string ModelSha256, string SourceQuery, string ProgramVersion, string Trigger, string JobFile);
}
