using BatchScorer.Postgres;
using Dapper;
using Npgsql;

namespace BatchScorer.Tests.Postgres;

internal sealed class ReconnectionTests(ServerKind kind) : DatabaseTests(kind)
{
    // As by a server that goes down. Npgsql tries twice by itself, and what it opens the second time breaks at the first transaction.
    [Test]
    public async Task A_connection_that_was_cut_while_it_opened_is_replaced()
    {
        await using var proxy = new Proxy(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);
        var settings = new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Port = proxy.Port };
        await using var database = await BatchScorer.Postgres.Database.OpenAsync(settings.ConnectionString, CancellationToken.None);
        database.ForgetConnections();
        proxy.EndNext();
        var attempts = 0;

        var answer = await new Reconnection(database, TimeSpan.FromSeconds(30)).DoAsync(
            async () =>
            {
                attempts++;
                await using var connection = await database.Writers.OpenConnectionAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                return await connection.ExecuteScalarAsync<int>("SELECT 42");
            },
            CancellationToken.None);

        Assert.That((answer, attempts), Is.EqualTo((42, 2)));
    }
}
