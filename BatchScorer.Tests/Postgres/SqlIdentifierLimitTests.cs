using BatchScorer.Errors;
using BatchScorer.Postgres;

namespace BatchScorer.Tests.Postgres;

internal sealed class SqlIdentifierLimitTests
{
    [TestCase("", "has 0 bytes")]
    [TestCase("1234567890123456789012345678901234567890123456789012345678901234", "has 64 bytes, expected 1 to 63")]
    [TestCase("ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß", "has 64 bytes, expected 1 to 63")]
    [TestCase("nul\0here", "\"nul\\0here\" cannot be the name")]
    public void A_name_that_no_table_can_have_is_refused(string name, string why)
    {
        var fault = Assert.Throws<BatchScorerException>(() => SqlIdentifier.Quote(name));

        Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(fault.Message, Does.Contain(why));
    }
}
