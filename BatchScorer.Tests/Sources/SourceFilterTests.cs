using BatchScorer.Postgres;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Sources;

internal sealed class SourceFilterTests(ServerKind kind) : DatabaseTests(kind)
{
    [TestCase("country = 'DE; -- it''s' -- ends in a comment; see?")]
    [TestCase("id IN (SELECT 1) OR \"country\" IS NULL")]
    public async Task A_condition_is_taken(string filter) =>
        Assert.That(await FindFaultAsync(filter), Is.Null);

    [TestCase("contry = 'DE'", "column \"contry\" does not exist")]
    [TestCase("id + 1", "must be type boolean")]
    [TestCase("country = 'DE", "unterminated")]
    [TestCase("true); CREATE TABLE smuggled (id integer); SELECT (true", "multiple commands")]
    public async Task What_is_no_condition_is_refused_in_the_databases_words(string filter, string why) =>
        Assert.That(await FindFaultAsync(filter), Does.StartWith("expected one SQL condition on the columns of table public.places").And.Contains(why));

    private async Task<string?> FindFaultAsync(string filter)
    {
        await Database.ExecuteAsync("CREATE TABLE places (id integer PRIMARY KEY, country text)");
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        var source = await SourceCatalog.DescribeTableAsync(connection, QualifiedName.Parse("places"), CancellationToken.None);
        return await SourceFilter.FindFaultAsync(connection, source, filter, CancellationToken.None);
    }
}
