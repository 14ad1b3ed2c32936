using BatchScorer.Errors;
using BatchScorer.Postgres;

namespace BatchScorer.Tests.Postgres;

internal sealed class TransactionPoolingTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task A_server_itself_is_taken() => await TransactionPooling.RefuseAsync(Database.DataSource, default);

    [Test]
    public async Task A_pooler_that_lends_sessions_for_transactions_is_refused()
    {
        await using var bouncer = await PgBouncer.StartAsync(Database, "transaction", passesOptions: true);

        var fault = await Assert.ThrowsAsync<BatchScorerException>(() => DataSources.OpenAsync(bouncer.ConnectionString, default));

        Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(fault.Message, Does.Contain("a connection pooler shares sessions between transactions"));
    }

    [Test]
    public async Task A_pooler_that_lends_whole_sessions_is_taken()
    {
        await using var bouncer = await PgBouncer.StartAsync(Database, "session", passesOptions: true);

        await using var dataSource = await DataSources.OpenAsync(bouncer.ConnectionString, default);
    }

    [Test]
    public async Task A_pooler_that_keeps_back_our_options_is_named_as_the_cause()
    {
        await using var bouncer = await PgBouncer.StartAsync(Database, "session", passesOptions: false);

        var fault = await Assert.ThrowsAsync<BatchScorerException>(() => DataSources.OpenAsync(bouncer.ConnectionString, default));

        Assert.That(fault!.Message, Does.Contain("unsupported startup parameter: options. A connection pooler may stand before the server"));
    }
}
