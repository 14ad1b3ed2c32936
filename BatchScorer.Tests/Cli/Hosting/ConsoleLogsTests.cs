using System.Text.Json;
using BatchScorer.Cli.Hosting;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Tests.Cli.Hosting;

internal sealed class ConsoleLogsTests
{
    [TestCase(null, false, "DatabaseAway")]
    [TestCase(null, true, "RunFailed RunPublished DatabaseAway")]
    [TestCase("Information", false, "RunFailed RunPublished DatabaseAway")]
    [TestCase("Warning", true, "RunFailed DatabaseAway")]
    [TestCase("None", true, "")]
    public void What_is_logged_depends_on_the_level_and_on_whether_a_command_tells_it_anyway(string? level, bool isService, string expected)
    {
        var lines = Write(new() { [ConsoleLogs.DefaultLevel] = level }, isService);

        var events = new Dictionary<string, string> { ["failed: why"] = "RunFailed", ["is published"] = "RunPublished", ["of no use"] = "DatabaseAway" };
        Assert.That(string.Join(' ', lines.Select(line => events.Single(name => line.Contains(name.Key, StringComparison.Ordinal)).Value)), Is.EqualTo(expected));
    }

    [Test]
    public void A_folders_own_level_wins()
    {
        var lines = Write(new() { ["Logging:LogLevel:BatchScorer.Runs"] = "Error" }, isService: false);

        Assert.That(lines.Select(line => line.Contains("failed: why", StringComparison.Ordinal)), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void For_people_a_line_has_its_time_in_UTC_its_level_and_where_it_comes_from()
    {
        var line = Write([], isService: true)[0];

        Assert.That(line, Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z fail: BatchScorer\.Runs\.RunCloser\[204\] Run 7 of job churn failed: why 'ü'$"));
    }

    [Test]
    public void For_programs_each_line_is_JSON_with_the_event_and_its_values()
    {
        var lines = Write(new() { [ConsoleLogs.Form] = "json" }, isService: true);

        var failed = JsonDocument.Parse(lines[0]).RootElement;
        Assert.That(failed.GetProperty("EventId").GetInt32(), Is.EqualTo(204));
        Assert.That(failed.GetProperty("LogLevel").GetString(), Is.EqualTo("Error"));
        Assert.That(failed.GetProperty("Timestamp").GetString(), Does.EndWith("Z"));
        Assert.That(failed.GetProperty("State").GetProperty("RunId").GetInt64(), Is.EqualTo(7));
        Assert.That(lines, Has.Count.EqualTo(3));
        Assert.That(lines[0], Does.Contain("why 'ü'"));
    }

    [Test]
    public void For_journald_each_line_begins_with_its_priority()
    {
        var lines = Write(new() { [ConsoleLogs.Form] = "systemd" }, isService: true);

        Assert.That(lines.Select(line => line[..3]), Is.EqualTo(new[] { "<3>", "<6>", "<4>" }));
    }

    /// <summary>What stands on standard error after a failure, a publication and an outage.</summary>
    private static List<string> Write(Dictionary<string, string?> settings, bool isService)
    {
        var before = Console.Error;
        using var written = new StringWriter { NewLine = "\n" };
        Console.SetError(written);
        try
        {
            var services = new ServiceCollection();
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
            services.AddLogging(logging => ConsoleLogs.Add(logging, configuration, hasColours: false, isService));
            using (var provider = services.BuildServiceProvider())
            {
                var runs = provider.GetRequiredService<ILogger<RunCloser>>();
                RunLogs.RunFailed(runs, 7, "churn", "why 'ü'");
                RunLogs.RunPublished(runs, 7, "churn", 1, 1, 0, 0.1);
                PostgresLogs.DatabaseAway(provider.GetRequiredService<ILogger<Database>>(), 60, "away");
            }
        }
        finally
        {
            Console.SetError(before);
        }

        return [.. written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
