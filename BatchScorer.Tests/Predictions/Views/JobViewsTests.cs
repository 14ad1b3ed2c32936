using BatchScorer.Batches;
using BatchScorer.Predictions;
using BatchScorer.Predictions.Views;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Predictions.Views;

internal sealed class JobViewsTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly PredictionLayout Churn = new(
        "churn", [new("customer_id", "bigint")], "timestamp with time zone", [new("region", "text")],
        [new("churn_probability", "Probability", 0, new ColumnType(ValueKind.Single))]);

    private static readonly PredictionLayout Gained = Churn with
    {
        Outputs = [.. Churn.Outputs, new("will_leave", "PredictedLabel", 1, new ColumnType(ValueKind.Boolean))],
    };

    private static readonly string[] OfLatest =
        ["customer_id", "churn_probability", "region", "source_cursor", "run_id", "published_at", "model_name", "model_version", "scored_at"];

    private static readonly string[] OfHistory =
        ["customer_id", "churn_probability", "region", "source_cursor", "run_id", "shown_from", "shown_to", "model_name", "model_version", "scored_at"];

    [Test]
    public async Task A_job_has_a_view_of_the_newest_one_of_all_and_a_function_that_looks_back()
    {
        Assert.That(await ApplyAsync(Churn), Is.True);

        Assert.That(await ColumnsAsync("churn_latest"), Is.EqualTo(OfLatest));
        Assert.That(await ColumnsAsync("churn_history"), Is.EqualTo(OfHistory));
        Assert.That(await Database.QueryAsync<long>("SELECT run_id FROM scoring.churn_as_of('2026-03-01')"), Is.Empty);
    }

    [Test]
    public async Task What_is_as_it_should_be_is_left_alone()
    {
        await ApplyAsync(Churn);
        var made = await Database.ScalarAsync<long>("SELECT max(xmin::text::bigint) FROM pg_rewrite");

        Assert.That(await ApplyAsync(Churn), Is.False);
        Assert.That(await Database.ScalarAsync<long>("SELECT max(xmin::text::bigint) FROM pg_rewrite"), Is.EqualTo(made), "no view was made again");
    }

    [TestCase("DROP VIEW scoring.churn_latest CASCADE", TestName = "A_view_that_is_gone_is_made_again")]
    [TestCase("UPDATE scoring.jobs SET views_sha256 = 'that of another version'", TestName = "Views_of_another_version_are_made_again")]
    public async Task Views_are_made_again(string change)
    {
        await ApplyAsync(Churn);
        await Database.ExecuteAsync(change);

        Assert.That(await ApplyAsync(Churn), Is.True);
        Assert.That(await ColumnsAsync("churn_latest"), Is.EqualTo(OfLatest));
    }

    [Test]
    public async Task A_job_that_gains_an_output_keeps_the_grants_on_its_views_and_what_others_built_on_them()
    {
        var reader = $"reader_{Database.Name}";
        await ApplyAsync(Churn);
        await Database.ExecuteAsync(
            $"""
            CREATE ROLE {reader};
            GRANT SELECT ON scoring.churn_latest, scoring.churn_history TO {reader};
            CREATE VIEW at_risk AS SELECT * FROM scoring.churn_latest WHERE churn_probability > 0.5;
            CREATE VIEW last_year AS SELECT * FROM scoring.churn_as_of('2026-01-01');
            """);
        try
        {
            Assert.That(await ApplyAsync(Gained), Is.True);

            Assert.That(await ColumnsAsync("churn_latest"), Is.EqualTo(OfLatest.Append("will_leave")));
            Assert.That(await ColumnsAsync("churn_history"), Is.EqualTo(OfHistory.Append("will_leave")));
            Assert.That(await Database.QueryAsync<bool?>("SELECT will_leave FROM scoring.churn_as_of('2026-03-01')"), Is.Empty);
            Assert.That(await Database.ScalarAsync<bool>(
                $"SELECT has_table_privilege('{reader}', 'scoring.churn_latest', 'SELECT') AND has_table_privilege('{reader}', 'scoring.churn_history', 'SELECT')"), Is.True);
            Assert.That(await Database.QueryAsync<long>("SELECT run_id FROM at_risk JOIN last_year USING (run_id)"), Is.Empty);
            Assert.That(await Uncommented.FindAsync(Database), Is.Empty);
        }
        finally
        {
            await Database.ExecuteAsync($"DROP OWNED BY {reader}; DROP ROLE {reader}");
        }
    }

    [Test]
    public async Task Carried_columns_may_be_called_like_columns_of_the_ledger_or_like_SQL()
    {
        var awkward = Churn with { Carry = [new("state", "text"), new("name", "text"), new("job", "text"), new("select \"x\"", "numeric"), new("$$; $1 '", "text")] };
        await ApplyAsync(awkward);

        Assert.That(await Database.ScalarAsync<long>("SELECT count(state || name || job || \"$$; $1 '\") FROM scoring.churn_latest"), Is.Zero);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(\"select \"\"x\"\"\") FROM scoring.churn_as_of(now())"), Is.Zero);
    }

    [Test]
    public async Task Every_column_of_the_views_is_explained()
    {
        await ApplyAsync(Churn);

        Assert.That(await Uncommented.FindAsync(Database), Is.Empty);
    }

    [TestCase("scoring.churn_latest")]
    [TestCase("scoring.churn_history")]
    [TestCase("scoring.churn_as_of('2026-03-01')")]
    public async Task A_key_is_looked_up_in_the_index_of_each_partition(string relation)
    {
        await ApplyAsync(Churn);
        await Database.ExecuteAsync("SELECT scoring.ensure_predictions_partition('churn', day) FROM unnest('{2026-01-01,2026-02-01,2026-03-01}'::date[]) AS day");

        // An empty table is not worth an index; what matters is that the condition gets as far as there.
        var plan = await Database.QueryAsync<string>(
            $"SET enable_seqscan = off; SET enable_bitmapscan = off; EXPLAIN (COSTS off) SELECT * FROM {relation} WHERE customer_id = 100017");

        Assert.That(plan.Count(line => line.Contains("_pkey on churn_predictions_2026", StringComparison.Ordinal)), Is.EqualTo(3), string.Join('\n', plan));
        Assert.That(plan.Count(line => line.Contains("Index Cond: (customer_id = ", StringComparison.Ordinal)), Is.EqualTo(3), string.Join('\n', plan));
    }

    [Test]
    public async Task Of_the_run_and_the_chunk_nothing_is_looked_up_that_is_not_asked_for()
    {
        await ApplyAsync(Churn);

        var plan = await Database.QueryAsync<string>("EXPLAIN (COSTS off) SELECT customer_id, churn_probability, run_id FROM scoring.churn_latest");

        Assert.That(plan, Has.None.Match("on (runs|chunks)"));
    }

    private Task<IReadOnlyList<string>> ColumnsAsync(string view) => Database.QueryAsync<string>(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = ('scoring.' || @view)::regclass AND attnum > 0 ORDER BY attnum", new { view });

    private async Task<bool> ApplyAsync(PredictionLayout layout)
    {
        await Database.ExecuteAsync("INSERT INTO scoring.jobs (name) VALUES (@job) ON CONFLICT DO NOTHING", new { job = layout.Job });
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await PredictionsTable.ApplyAsync(connection, layout, CancellationToken.None);
        var altered = await JobViews.ApplyAsync(connection, layout, compares: false, CancellationToken.None);
        await transaction.CommitAsync();
        return altered;
    }
}
