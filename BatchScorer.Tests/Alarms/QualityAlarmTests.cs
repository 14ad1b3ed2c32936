using BatchScorer.Alarms;
using BatchScorer.Jobs;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using BatchScorer.Tests.Telemetry;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Tests.Alarms;

/// <summary>Alarms about how good predictions turned out, by what is in scoring.quality.</summary>
internal sealed class QualityAlarmTests(ServerKind kind) : DatabaseTests(kind)
{
    private BatchScorer.Postgres.Database database = null!;
    private CollectedLogs logs = null!;
    private TestJob job = null!;

    [SetUp]
    public async Task MakeJob()
    {
        database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);
        logs = new CollectedLogs();
        await CustomersTable.CreateAsync(Database, 20);
        job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
        var metrics = new Dictionary<string, JobMetricBounds> { ["auc"] = new() { AtLeast = 0.7 }, ["log_loss"] = new() { AtMost = 0.6 } };
        job.Definition = job.Definition with { Alarms = new() { Quality = new() { FewestLabels = 100, Metrics = metrics } } };
        await job.AppliedAsync();
    }

    [TearDown]
    public async Task RemoveJob()
    {
        await job.DisposeAsync();
        logs.Dispose();
        await database.DisposeAsync();
    }

    [Test]
    public async Task The_newest_window_with_enough_labels_is_judged()
    {
        await AddWindowAsync("2026-03-02", auc: 0.8, logLoss: 0.5, labelled: 500);
        await AddWindowAsync("2026-03-16", auc: 0.1, logLoss: 0.9, labelled: 99);
        await LookAsync();
        Assert.That(await AlarmsAsync(), Is.Empty);

        await AddWindowAsync("2026-03-09", auc: 0.65, logLoss: 0.5, labelled: 100);
        await LookAsync();
        await LookAsync();

        Assert.That(await AlarmsAsync(), Is.EqualTo(new[] { "auc 0.65/0.7 stands: auc of churn 2 is 0.65, expected at least 0.7, over 100 labels from 2026-03-09 00:00:00Z on" }));
        Assert.That(logs.Names().Count(name => name == "RaisedOfJob"), Is.EqualTo(1));
    }

    [Test]
    public async Task It_is_over_when_a_later_window_is_good_and_each_metric_has_an_alarm_of_its_own()
    {
        await AddWindowAsync("2026-03-02", auc: 0.6, logLoss: 0.7, labelled: 500);
        await LookAsync();
        Assert.That((await AlarmsAsync()).Select(alarm => alarm.Split(':')[0]), Is.EqualTo(new[] { "auc 0.6/0.7 stands", "log_loss 0.7/0.6 stands" }));

        await AddWindowAsync("2026-03-09", auc: 0.75, logLoss: 0.65, labelled: 500);
        await LookAsync();

        Assert.That((await AlarmsAsync()).Select(alarm => alarm.Split(':')[0]), Is.EqualTo(new[] { "auc 0.6/0.7 cleared", "log_loss 0.7/0.6 stands" }));
    }

    private Task LookAsync() => new JobAlarmWatch(database, TimeProvider.System, logs.CreateLogger<JobAlarmWatch>()).LookAsync(job.Definition, default);

    private Task<IReadOnlyList<string>> AlarmsAsync() => Database.QueryAsync<string>(
        "SELECT format('%s %s/%s %s: %s', subject, value, limit_value, CASE WHEN cleared_at IS NULL THEN 'stands' ELSE 'cleared' END, message) FROM scoring.alarms WHERE kind = 'quality' ORDER BY subject");

    private Task AddWindowAsync(string from, double auc, double logLoss, long labelled) => Database.ExecuteAsync(
        """
        INSERT INTO scoring.quality (job, model_name, model_version, model_sha256, slice, window_from, window_to, metric, value, reason, labelled, computed_at)
        SELECT 'job', 'churn', '2', 'abc', 'window', (@from || ' 00:00Z')::timestamptz, (@from || ' 00:00Z')::timestamptz + interval '7 days', metric, value, NULL, @labelled, now()
        FROM (VALUES ('auc', @auc), ('log_loss', @logLoss)) AS measured (metric, value)
        """, new { from, auc, logLoss, labelled });
}
