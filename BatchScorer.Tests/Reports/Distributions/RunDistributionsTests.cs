using BatchScorer.Reports.Distributions;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Reports.Distributions;

/// <summary>Predictions counted, of runs 1 and 2 of a job whose outputs are p, n, label and spread.</summary>
internal sealed class RunDistributionsTests(ServerKind kind) : DatabaseTests(kind)
{
    [SetUp]
    public Task MakeRuns() => Database.ExecuteAsync(
        """
        INSERT INTO scoring.jobs (name) VALUES ('job');
        INSERT INTO scoring.models (sha256, name, version, size_bytes, schema, content) VALUES (repeat('0', 64), 'm', '1', 1, '{}', '');
        INSERT INTO scoring.runs (job, trigger, mode, continuing, model_sha256, manifest, state, chunks, rows_planned, rows_scored, planned_on, planned_at, planning_ms, host, process_id, program_version)
        SELECT 'job', 'manual', 'window', false, repeat('0', 64), '{"job": {"source": {"key": ["id"]}, "outputs": {}, "carry": ["region"]}}', 'published', 1, 1, 1, day, day, 1, 'h', 1, '1'
        FROM unnest('{2026-02-28,2026-03-01}'::date[]) AS day;
        CREATE TABLE scoring.job_predictions (id integer, p real, n integer, label text, spread real[], region text, run_id bigint, chunk_no integer, planned_on date) PARTITION BY RANGE (planned_on);
        CREATE TABLE scoring.february PARTITION OF scoring.job_predictions FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
        CREATE TABLE scoring.march PARTITION OF scoring.job_predictions FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
        """);

    [Test]
    public async Task Numbers_lie_in_bins_that_both_runs_share()
    {
        await PredictAsync(1, "p", "generate_series(0, 99) / 100.0");
        await PredictAsync(2, "p", "generate_series(0, 199) / 100.0");

        var found = await ReadAsync(2);

        var p = (NumberDistribution)found.Outputs.Single(output => output.Name == "p");
        Assert.That((found.Previous, p.Counted, p.Left), Is.EqualTo(((long?)1, new Pair(200, 100), default(Pair))));
        Assert.That(p.Bins, Has.Count.EqualTo(24));
        Assert.That((p.Bins[0].From, p.Bins[^1].To), Is.EqualTo((0.0, 1.99)).Within(1e-6));
        Assert.That(p.Bins.Sum(bin => bin.Rows.Now), Is.EqualTo(200));
        Assert.That(p.Bins.Take(13).Sum(bin => bin.Rows.Then), Is.EqualTo(100));
        Assert.That((p.Now.Mean, p.Then!.Mean), Is.EqualTo((0.995, 0.495)).Within(1e-4));
        Assert.That(p.Moved, Is.EqualTo(0.5).Within(0.03));
    }

    [Test]
    public async Task Whole_numbers_of_few_values_have_a_bin_each_and_a_single_value_has_one()
    {
        await PredictAsync(2, "n, p", "n % 3 + 5, 0.25 FROM generate_series(1, 30) AS n");

        var outputs = (await ReadAsync(2)).Outputs.Cast<NumberDistribution>().ToDictionary(output => output.Name);

        Assert.That(outputs["n"].Bins, Is.EqualTo(new[] { new NumberBin(4.5, 5.5, new Pair(10, 0)), new NumberBin(5.5, 6.5, new Pair(10, 0)), new NumberBin(6.5, 7.5, new Pair(10, 0)) }));
        Assert.That(outputs["p"].Bins.Select(bin => bin.Rows), Is.EqualTo(new[] { new Pair(30, 0) }));
        Assert.That(outputs["p"].Moved, Is.Null, "there is nothing to compare with");
    }

    [Test]
    public async Task Values_that_are_no_finite_number_are_counted_apart()
    {
        await PredictAsync(2, "p", "unnest('{1,2,NaN,Infinity,-Infinity,NULL,3.4e38,-1e-45}'::real[])");

        var p = (NumberDistribution)(await ReadAsync(2)).Outputs.Single();

        Assert.That((p.Counted.Now, p.Left.Now), Is.EqualTo((4, 4)));
        Assert.That(p.Bins.Sum(bin => bin.Rows.Now), Is.EqualTo(4));
    }

    [Test]
    public async Task Texts_are_counted_by_their_most_frequent_values()
    {
        await PredictAsync(1, "label", "unnest(ARRAY['a', 'a', 'b', NULL])");
        await PredictAsync(2, "label", "'l' || (n % 20) FROM generate_series(1, 100) AS n");
        await PredictAsync(2, "label", "repeat('x', 500) || n % 2 FROM generate_series(1, 200) AS n");

        var label = (ValueDistribution)(await ReadAsync(2)).Outputs.Single();

        Assert.That((label.Counted, label.Left), Is.EqualTo((new Pair(300, 3), new Pair(0, 1))));
        Assert.That(label.Values, Has.Count.EqualTo(8));
        Assert.That(label.Values[0], Is.EqualTo(("a", new Pair(0, 2))));
        Assert.That(label.Values.Count(value => value == (new string('x', 120), new Pair(100, 0))), Is.EqualTo(2), "two values that are alike as far as they are shown");
        Assert.That(label.Others, Is.EqualTo(new Pair(100 - 4 * 5, 0)));
        Assert.That(label.Moved, Is.EqualTo(1).Within(1e-9));
        Assert.That(DistributionFigures.Draw(label).ToString(), Does.Contain("In the run before these were 1."));
    }

    [Test]
    public async Task Keys_carried_columns_lists_and_outputs_without_a_value_are_not_drawn()
    {
        await PredictAsync(2, "p, region, spread", "1, 'north', '{1,2}'::real[]");

        var found = await ReadAsync(2);

        Assert.That(found.Outputs.Select(output => output.Name), Is.EqualTo(new[] { "p" }));
        Assert.That((found.Lists, found.Beyond), Is.EqualTo((new[] { "spread" }, Array.Empty<string>())));
    }

    [TestCase("state = 'withdrawn'")]
    [TestCase("trigger = 'replay'")]
    [TestCase("rows_scored = 0")]
    public async Task The_run_before_is_a_published_one_with_predictions_that_is_no_replay(string change)
    {
        await PredictAsync(2, "p", "1");
        await Database.ExecuteAsync($"UPDATE scoring.runs SET {change} WHERE run_id = 1");

        Assert.That((await ReadAsync(2)).Previous, Is.Null);
    }

    [Test]
    public async Task Only_the_partitions_of_both_runs_are_opened()
    {
        await PredictAsync(2, "p", "1");
        await Database.ExecuteAsync("CREATE TABLE scoring.april PARTITION OF scoring.job_predictions FOR VALUES FROM ('2026-04-01') TO ('2026-05-01'); ANALYZE scoring.job_predictions");

        await using var other = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var locked = other.CreateCommand();
        locked.CommandText = "LOCK TABLE scoring.april IN ACCESS EXCLUSIVE MODE";
        await locked.ExecuteNonQueryAsync();
        var reading = ReadAsync(2);

        Assert.That(await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(30))), Is.SameAs(reading));
        Assert.That((await reading).Outputs, Has.Count.EqualTo(1));
    }

    private Task PredictAsync(long run, string columns, string values) => Database.ExecuteAsync(
        $"INSERT INTO scoring.job_predictions (run_id, planned_on, {columns}) SELECT {run}, (SELECT planned_on FROM scoring.runs WHERE run_id = {run}), {values}");

    private async Task<RunDistributions> ReadAsync(long run)
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        return await RunDistributions.ReadAsync(connection, "job", run, CancellationToken.None);
    }
}
