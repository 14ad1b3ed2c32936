using BatchScorer.Postgres.Private;

namespace BatchScorer.Tests.Postgres.Private;

internal sealed class ServerSettingsTests
{
    [Test]
    public void Commits_wait_for_the_disk_only_where_that_is_asked_for()
    {
        Assert.That(ServerSettings.Lines(new PrivateServerOptions()), Does.Contain("fsync = 'off'"));
        Assert.That(ServerSettings.Lines(new PrivateServerOptions { Durable = true }), Has.None.Contains("fsync"));
    }

    [Test]
    public void Given_settings_come_last_and_so_win()
    {
        var lines = ServerSettings.Lines(new PrivateServerOptions { Settings = new Dictionary<string, string> { ["fsync"] = "on", ["application_name"] = "it's" } });

        Assert.That(lines.TakeLast(2), Is.EqualTo(new[] { "fsync = 'on'", "application_name = 'it''s'" }));
    }
}
