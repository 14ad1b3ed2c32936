using BatchScorer.Errors;
using BatchScorer.Health;

namespace BatchScorer.Tests.Health;

internal sealed class HealthAddressTests
{
    [TestCase("http://127.0.0.1:8088", "http://127.0.0.1:8088/")]
    [TestCase("http://localhost:80", "http://localhost/")]
    [TestCase("http://*:8088", "http://127.0.0.1:8088/")]
    [TestCase("http://+:8088", "http://127.0.0.1:8088/")]
    [TestCase("http://0.0.0.0:8088", "http://127.0.0.1:8088/")]
    [TestCase("http://[::]:8088", "http://127.0.0.1:8088/")]
    [TestCase("http://[::1]:8088", "http://[::1]:8088/")]
    public void Whoever_is_on_the_same_machine_asks_where_it_can_be_heard(string value, string ask) =>
        Assert.That(HealthAddress.Parse("setting", value), Is.EqualTo(new HealthAddress(value, new Uri(ask))));

    [TestCase("off")]
    [TestCase("Off")]
    public void It_can_be_switched_off(string value) => Assert.That(HealthAddress.Parse("setting", value), Is.Null);

    [TestCase("")]
    [TestCase("8088")]
    [TestCase("127.0.0.1:8088")]
    [TestCase("https://*:8088")]
    [TestCase("http://unix:/run/health.sock")]
    [TestCase("http://127.0.0.1:8088/health")]
    [TestCase("http://127.0.0.1:0")]
    [TestCase("http://127.0.0.1:80880")]
    public void Anything_else_is_refused(string value)
    {
        var fault = Assert.Throws<BatchScorerException>(() => HealthAddress.Parse("BatchScorer:HealthAddress", value));

        Assert.That((fault!.ExitCode, fault.Message), Is.EqualTo((ExitCode.BadConfiguration,
            $"BatchScorer:HealthAddress: expected off, or an address such as http://127.0.0.1:8088 or, for all of the machine's, http://*:8088, got \"{value}\".")));
    }
}
