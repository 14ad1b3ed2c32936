using BatchScorer.Alarms;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using BatchScorer.Tests.Scheduling;
using BatchScorer.Tests.Telemetry;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Tests.Alarms;

/// <summary>Jobs that have published nothing for too long.</summary>
internal sealed class StalenessTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(30);

    private readonly ShiftedTime time = new(DateTimeOffset.UtcNow);
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
        job.Definition = job.Definition with { Alarms = new() { Stale = Limit } };
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
    public async Task It_is_raised_once_and_cleared_by_the_next_publication()
    {
        await job.RunAsync();
        await LookAsync(after: TimeSpan.FromHours(29));
        Assert.That(await AlarmsAsync(), Is.Empty);

        await LookAsync(after: TimeSpan.FromHours(31));
        await LookAsync(after: TimeSpan.FromHours(40));

        Assert.That(await AlarmsAsync(), Is.EqualTo(new[] { "stale stands" }));
        Assert.That(logs.Names(LogLevel.Warning), Is.EqualTo(new[] { "RaisedOfJob" }));
        Assert.That(await Database.ScalarAsync<string>("SELECT message FROM scoring.alarms"), Does.StartWith("nothing has been published for 31 h 00 m, since ").And.EndWith("; the limit is 30 h 00 m"));
        Assert.That(await Database.ScalarAsync<bool>("SELECT since = (SELECT shown_from FROM scoring.run_publications) + interval '30 hours' FROM scoring.alarms"), Is.True, "since the limit was crossed");

        await job.RunAsync();
        await LookAsync(after: TimeSpan.FromHours(1));
        Assert.That(await AlarmsAsync(), Is.EqualTo(new[] { "stale cleared" }));
        Assert.That(logs.Names(), Does.Contain("Cleared"));

        await LookAsync(after: TimeSpan.FromHours(32));
        Assert.That(await AlarmsAsync(), Is.EqualTo(new[] { "stale cleared", "stale stands" }));
    }

    [Test]
    public async Task Nodes_that_look_at_the_same_time_raise_it_once()
    {
        time.Set(DateTimeOffset.UtcNow + TimeSpan.FromHours(31));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new JobAlarmWatch(database, time, logs.CreateLogger<JobAlarmWatch>()).LookAsync(job.Definition, default)));

        Assert.That(await AlarmsAsync(), Is.EqualTo(new[] { "stale stands" }));
        Assert.That(logs.Names(LogLevel.Warning).Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Neither_a_held_run_nor_a_backfill_is_news()
    {
        await job.RunAsync();
        await Database.ExecuteAsync("UPDATE scoring.run_publications SET shown_from = shown_from - interval '40 hours'");
        await job.RunAsync(request: new RunRequest(Trigger.Backfill) { Window = new("2020-01-01Z", "2030-01-01Z") });
        var limits = job.Definition.Alarms;
        job.Definition = job.Definition with { Alarms = limits with { Rows = new() { AtLeast = 1000 }, Hold = [AlarmKind.Rows] } };
        await job.RunAsync();

        await LookAsync(after: TimeSpan.Zero);

        Assert.That(await AlarmsAsync(), Is.EquivalentTo(new[] { "rows stands", "stale stands" }));
        await new RunControl(database).PublishAsync(3, default);
        await LookAsync(after: TimeSpan.Zero);
        Assert.That(await AlarmsAsync(), Is.EquivalentTo(new[] { "rows stands", "stale cleared" }));
    }

    [Test]
    public async Task A_job_that_has_no_limit_any_more_has_no_alarm_any_more()
    {
        await LookAsync(after: TimeSpan.FromHours(31));
        job.Definition = job.Definition with { Alarms = new() };

        await LookAsync(after: TimeSpan.FromHours(31));

        Assert.That(await AlarmsAsync(), Is.EqualTo(new[] { "stale cleared" }));
    }

    [Test]
    public async Task An_alarm_of_no_run_and_what_was_told_of_it_are_kept_as_long_as_runs()
    {
        job.Definition = job.Definition with { Alarms = job.Definition.Alarms with { Webhook = new JobWebhook { Url = "https://receiver.invalid", Secret = "SECRET" } } };
        await LookAsync(after: TimeSpan.FromHours(31));
        await job.RunAsync();
        await LookAsync(after: TimeSpan.FromHours(1));
        await LookAsync(after: TimeSpan.FromHours(50));
        await Database.ExecuteAsync(
            """
            UPDATE scoring.retention SET keep_runs = '30 days';
            UPDATE scoring.alarms SET cleared_at = cleared_at - interval '31 days';
            UPDATE scoring.alarm_notices SET written_at = written_at - interval '31 days' WHERE notice_id IN (SELECT notice_id FROM scoring.alarms WHERE cleared_at IS NOT NULL)
            """);

        await Database.ExecuteAsync("SELECT scoring.forget_expired_runs('job')");

        Assert.That(await AlarmsAsync(), Is.EqualTo(new[] { "stale stands" }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.alarm_notices"), Is.EqualTo(1));
    }

    private Task LookAsync(TimeSpan after)
    {
        time.Set(DateTimeOffset.UtcNow + after);
        return new JobAlarmWatch(database, time, logs.CreateLogger<JobAlarmWatch>()).LookAsync(job.Definition, default);
    }

    private Task<IReadOnlyList<string>> AlarmsAsync() =>
        Database.QueryAsync<string>("SELECT kind || CASE WHEN cleared_at IS NULL THEN ' stands' ELSE ' cleared' END FROM scoring.alarms ORDER BY alarm_id");
}
