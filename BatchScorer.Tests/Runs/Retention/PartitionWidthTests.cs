using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs.Retention;

/// <summary>How wide the partitions of predictions are.</summary>
internal sealed class PartitionWidthTests(ServerKind kind) : DatabaseTests(kind)
{
    [SetUp]
    public Task MakeTable() => Database.ExecuteAsync(
        """
        INSERT INTO scoring.jobs (name) VALUES ('job');
        INSERT INTO scoring.retention (job) VALUES ('job');
        CREATE TABLE scoring.job_predictions (id bigint, run_id bigint, planned_on date, PRIMARY KEY (id, run_id, planned_on)) PARTITION BY RANGE (planned_on)
        """);

    [TestCase("1 day", "20270301 from 2027-03-01 to 2027-03-02")]
    [TestCase("100 days", "20270301 from 2027-03-01 to 2027-03-02")]
    [TestCase("101 days", "20270301 from 2027-03-01 to 2027-03-08")]
    [TestCase("701 days", "202703 from 2027-03-01 to 2027-04-01")]
    [TestCase(null, "202703 from 2027-03-01 to 2027-04-01")]
    public async Task There_are_about_a_hundred_at_most(string? keep, string expected)
    {
        await KeepAsync(keep);
        await EnsureAsync("2027-03-01");

        Assert.That(await PartitionsAsync(), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public async Task Another_width_applies_to_those_made_from_then_on()
    {
        await EnsureAsync("2027-03-10");
        await KeepAsync("30 days");
        await EnsureAsync("2027-03-31", "2027-04-01", "2027-04-02", "2027-04-20");
        await KeepAsync("400 days");
        await EnsureAsync("2027-04-02", "2027-04-04", "2027-04-22");
        await KeepAsync(null);
        await EnsureAsync("2027-04-07", "2027-04-29");

        Assert.That(await PartitionsAsync(), Is.EqualTo(new[]
        {
            "202703 from 2027-03-01 to 2027-04-01",
            "20270401 from 2027-04-01 to 2027-04-02",
            "20270402 from 2027-04-02 to 2027-04-03",
            "20270403 from 2027-04-03 to 2027-04-05",
            "20270405 from 2027-04-05 to 2027-04-20",
            "20270420 from 2027-04-20 to 2027-04-21",
            "20270421 from 2027-04-21 to 2027-04-26",
            "20270426 from 2027-04-26 to 2027-05-01",
        }));
    }

    [Test]
    public async Task The_date_style_of_who_asks_does_not_matter()
    {
        await Database.ExecuteAsync("SET datestyle = 'German'; SELECT scoring.ensure_predictions_partition('job', '2027-02-03'); SELECT scoring.ensure_predictions_partition('job', '2027-02-04')");

        Assert.That(await PartitionsAsync(), Is.EqualTo(new[] { "202702 from 2027-02-01 to 2027-03-01" }));
    }

    private Task KeepAsync(string? keep) => Database.ExecuteAsync("UPDATE scoring.retention SET keep_predictions = @keep::interval", new { keep });

    private async Task EnsureAsync(params string[] days)
    {
        foreach (var day in days)
            await Database.ExecuteAsync("SELECT scoring.ensure_predictions_partition('job', @day::date)", new { day });
    }

    private Task<IReadOnlyList<string>> PartitionsAsync() => Database.QueryAsync<string>(
        "SELECT replace(partition, 'job_predictions_', '') || ' from ' || planned_from || ' to ' || planned_to FROM scoring.predictions_partitions('job')");
}
