using BatchScorer.Errors;
using BatchScorer.Scheduling;
using Microsoft.Extensions.Configuration;

namespace BatchScorer.Tests.Scheduling;

internal sealed class QuartzSettingsTests
{
    [TestCase("ThreadPool:MaxConcurrency", "4")]
    [TestCase("clustering:checkininterval", "00:00:10")]
    [TestCase("JobStore:MisfireThreshold", "00:02:00")]
    [TestCase("Scheduler:InstanceId", "node-1")]
    public void What_Quartz_reads_is_taken(string setting, string value) => Assert.That(() => QuartzSettings.Check(Section(setting, value)), Throws.Nothing);

    [TestCase("ThreadPool:MaxConcurency", "4", "Unknown setting Quartz:ThreadPool:MaxConcurency, did you mean \"MaxConcurrency\"?")]
    [TestCase("Sheduler:InstanceId", "a", "Unknown setting Quartz:Sheduler, did you mean \"Scheduler\"?")]
    [TestCase("Trigger", "a", "Unknown setting Quartz:Trigger, expected one of Clustering, JobStore, Scheduler, ThreadPool.")]
    [TestCase("Scheduler:IdleWaitTime", "soon", "Failed to convert configuration value 'soon' at 'Quartz:Scheduler:IdleWaitTime' to type 'System.TimeSpan'.")]
    public void What_it_would_pass_over_or_cannot_read_is_refused(string setting, string value, string message) => Assert.That(
        () => QuartzSettings.Check(Section(setting, value)),
        Throws.TypeOf<BatchScorerException>().With.Message.EqualTo(message).And.Property(nameof(BatchScorerException.ExitCode)).EqualTo(ExitCode.BadConfiguration));

    [Test]
    public void Settings_win_over_the_defaults()
    {
        var settings = QuartzSettings.WithDefaults(Section("Scheduler:IdleWaitTime", "00:00:09"), new NodeOptions { NodePartitions = 3 });

        Assert.That((settings["Scheduler:IdleWaitTime"], settings["ThreadPool:MaxConcurrency"]), Is.EqualTo(("00:00:09", "13")));
    }

    private static IConfigurationSection Section(string setting, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create($"Quartz:{setting}", (string?)value)]).Build().GetSection("Quartz");
}
