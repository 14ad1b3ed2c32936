using BatchScorer.Errors;
using BatchScorer.Postgres;

namespace BatchScorer.Tests.Postgres;

internal sealed class ConnectionStringTests
{
    [TestCase("postgresql://runner:hush@db/scores", "it is a URI")]
    [TestCase("postgresql://runner:hush@db/scores?sslmode=require", "it is a URI")]
    [TestCase("Host=db;Port=hush", "the value of \"Port\" will not do")]
    [TestCase("Host=db;Timeout=hush", "the value of \"Timeout\" will not do")]
    [TestCase("Host=db;SSL Mode=hush", "the value of \"SSL Mode\" will not do")]
    [TestCase("Host=db;Pasword=hush", "there is no \"pasword\", did you mean \"Password\"?")]
    [TestCase("Host=db;Password=se;hush=cret", "a value with a semicolon in it lacks quotes")]
    [TestCase("Host=db;hush", "it cannot be read")]
    [TestCase("Database=hush", "it names no Host")]
    [TestCase("", "it names no Host")]
    public void A_text_that_is_no_connection_string_is_refused_without_being_repeated(string text, string why)
    {
        var fault = Assert.Throws<BatchScorerException>(() => DataSources.Parse(text));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
            Assert.That(fault.Message, Does.Contain(why).IgnoreCase.And.Contain("Expected the form Host=").And.Not.Contain("hush"));
        }
    }
}
