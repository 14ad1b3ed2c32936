using BatchScorer.Postgres;

namespace BatchScorer.Tests.Postgres;

internal sealed class SqlIdentifierTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly string[] Names =
    [
        "plain", "With Capitals", "a\"b", "\"", "\"; DROP TABLE x; --", "semi;colon", "select", "größe 🙂", "back\\slash", "a.b", "$1", "@p", "line\nbreak",
        new string('x', SqlIdentifier.MaxBytes),
    ];

    [Test]
    public async Task The_server_takes_a_name_as_it_is()
    {
        foreach (var name in Names)
            await Database.ExecuteAsync($"CREATE TABLE {SqlIdentifier.Quote("public", name)} ({SqlIdentifier.Quote(name)} integer)");

        Assert.That(
            await Database.QueryAsync<string>("SELECT table_name || '/' || column_name FROM information_schema.columns WHERE table_schema = 'public'"),
            Is.EquivalentTo(Names.Select(name => $"{name}/{name}")));
    }

    [Test]
    public async Task A_list_keeps_its_order()
    {
        var list = SqlIdentifier.QuoteList(["b", "a,c"]);

        Assert.That(list, Is.EqualTo("\"b\", \"a,c\""));
        Assert.That(await Database.ScalarAsync<int>($"SELECT \"a,c\" FROM (VALUES (1, 2)) AS pair ({list})"), Is.EqualTo(2));
    }
}
