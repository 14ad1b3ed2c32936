using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using Npgsql;

namespace BatchScorer.Tests.Cli.Hosting;

internal sealed class FaultReportTests
{
    [Test]
    public void A_fault_that_is_known_keeps_its_message_and_code() =>
        Assert.That(FaultReport.Of(new BatchScorerException(ExitCode.UnderWayElsewhere, "Busy.")), Is.EqualTo(new FaultReport(ExitCode.UnderWayElsewhere, "Busy.")));

    [TestCase("57P01", ExitCode.Unavailable)]
    [TestCase("08006", ExitCode.Unavailable)]
    [TestCase("42501", ExitCode.Failed)]
    public void What_a_server_says_is_told_apart_from_a_server_that_goes(string sqlState, ExitCode expected)
    {
        var report = FaultReport.Of(new PostgresException("no such luck", "ERROR", "ERROR", sqlState));

        Assert.That(report.ExitCode, Is.EqualTo(expected));
        Assert.That(report.Message, Does.Contain("no such luck").And.Not.Contain("\n"));
    }

    [Test]
    public void A_connection_that_breaks_answers_69_with_its_innermost_cause()
    {
        var report = FaultReport.Of(new NpgsqlException("Exception while reading from stream", new IOException("broken pipe")));

        Assert.That((report.ExitCode, report.Message), Is.EqualTo((ExitCode.Unavailable,
            "The connection to the database is lost: broken pipe. Try again when it is back; what was committed is kept.")));
    }

    [Test]
    public void A_fault_that_nobody_expected_answers_1_without_a_trace()
    {
        var report = FaultReport.Of(new InvalidOperationException("odd"));

        Assert.That(report.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(report.Message, Does.StartWith("Unexpected fault: odd").And.Not.Contain("\n"));
    }
}
