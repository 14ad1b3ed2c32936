using BatchScorer.Scheduling;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Scheduling;

namespace BatchScorer.Tests.Alarms;

/// <summary>What nodes that serve do about alarms by themselves.</summary>
internal sealed class ServedAlarmTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task Two_nodes_raise_staleness_once_and_tell_of_it_once()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var job = await ScheduledJob.CreateAsync(Database, schedule: null);
        var file = (await File.ReadAllTextAsync(job.JobFile)).TrimEnd();
        var alarms = $$"""{ "stale": "01:00:00", "webhook": { "url": "{{receiver.Url}}", "secret": "{{TestNode.SecretName}}" } }""";
        await File.WriteAllTextAsync(job.JobFile, file.Replace("\"alarms\":{\"rows\":{}}", $"\"alarms\":{alarms}", StringComparison.Ordinal));
        var time = new ShiftedTime(DateTimeOffset.UtcNow + TimeSpan.FromHours(2));

        await using var first = await TestNode.StartAsync(Database, new NodeOptions(), job.Read, time);
        await using var second = await TestNode.StartAsync(Database, new NodeOptions(), job.Read, time);

        Assert.That(() => Database.ScalarAsync<long>("SELECT count(*) FROM scoring.alarm_notices WHERE delivered_at IS NOT NULL"), Is.EqualTo(1).After(30_000, 100));
        var notice = receiver.Received.Single();
        Assert.That(notice.Body, Does.Contain("\"kind\":\"stale\"").And.Not.Contain("\"run\""));
        Assert.That(notice.IsSignedBy(TestNode.Secret), Is.True);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.alarms"), Is.EqualTo(1));
    }
}
