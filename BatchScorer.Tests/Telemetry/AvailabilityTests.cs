using BatchScorer.Postgres;

namespace BatchScorer.Tests.Telemetry;

internal sealed class AvailabilityTests
{
    [Test]
    public void A_database_that_goes_and_comes_back_is_told_once_however_many_wait()
    {
        using var logs = new CollectedLogs();
        using var measurements = new Measurements();
        var availability = new Availability(logs);

        availability.Back();
        Parallel.For(0, 8, _ => availability.Away(new IOException("broken pipe."), TimeSpan.FromSeconds(60)));
        Parallel.For(0, 8, _ => availability.Back());

        Assert.That(logs.Names(), Is.EqualTo(new[] { "DatabaseAway", "DatabaseBack" }));
        Assert.That(logs.Lines[0].Text, Is.EqualTo("The database is of no use at the moment, and is waited for up to 60 s: broken pipe"));
        Assert.That(measurements.Metrics.Select(metric => metric.Instrument), Is.EqualTo(new[] { "batchscorer.database.outages", "batchscorer.database.away" }));
    }
}
