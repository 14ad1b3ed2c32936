using System.Globalization;
using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Runs;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Sources;
using Npgsql;

namespace BatchScorer.Tests.Runs;

internal sealed class WindowBoundTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly string LongAgo = "2020-01-01T00:00:00.000000Z";

    [Test]
    public async Task With_nothing_open_the_bound_is_a_second_before_the_servers_clock()
    {
        var bound = await AskAsync();

        var behind = (await Database.ScalarAsync<DateTime>("SELECT clock_timestamp()")) - DateTime.Parse(bound.To!, CultureInfo.InvariantCulture).ToUniversalTime();
        Assert.That(behind, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)));
        Assert.That(bound.HeldBy, Is.Null);
    }

    [Test]
    public async Task A_transaction_that_has_written_nothing_yet_holds_the_bound_at_its_start()
    {
        await using var writer = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        var start = (DateTime)(await new NpgsqlCommand("SELECT now()", writer).ExecuteScalarAsync())!;
        await Database.ExecuteAsync("SELECT pg_sleep(0.1)");

        var bound = await AskAsync();

        Assert.That(DateTime.Parse(bound.To!, CultureInfo.InvariantCulture).ToUniversalTime(), Is.EqualTo(start - TimeSpan.FromSeconds(1)).Within(TimeSpan.FromTicks(10)));
        Assert.That(bound.HeldBy, Does.StartWith($"pid {writer.ProcessID} "));
    }

    [Test]
    public async Task A_prepared_transaction_keeps_the_bound_where_it_was()
    {
        await Database.ExecuteAsync("CREATE TABLE written (id integer)");
        await Database.ExecuteAsync("BEGIN; INSERT INTO written VALUES (1); PREPARE TRANSACTION 'waiting'");
        try
        {
            var bound = await AskAsync();

            Assert.That(bound.To, Is.EqualTo(LongAgo));
            Assert.That(bound.HeldBy, Does.StartWith("prepared transaction 'waiting' since "));
        }
        finally
        {
            await Database.ExecuteAsync("ROLLBACK PREPARED 'waiting'");
        }
    }

    [Test]
    public async Task The_bound_never_goes_back()
    {
        var future = "2999-01-01T00:00:00.000000Z";

        Assert.That((await AskAsync(future)).To, Is.EqualTo(future));
    }

    [Test]
    public async Task A_user_who_cannot_see_other_transactions_is_told_what_to_grant()
    {
        var role = $"blind_{Database.Name}";
        await Database.ExecuteAsync($"CREATE ROLE {role}");
        try
        {
            Assert.That(async () => await AskAsync(before: $"SET ROLE {role}"), Throws.TypeOf<BatchScorerException>().With.Message.Contains("GRANT pg_read_all_stats"));
        }
        finally
        {
            await Database.ExecuteAsync($"DROP ROLE {role}");
        }
    }

    [Test]
    public async Task With_an_integer_cursor_an_open_transaction_keeps_the_bound_where_it_was()
    {
        await Database.ExecuteAsync("CREATE TABLE numbered (id integer PRIMARY KEY, x real); INSERT INTO numbered VALUES (41, 1)");
        Assert.That((await AskAsync("7", "numbered", "id")).To, Is.EqualTo("42"));

        await using var writer = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await new NpgsqlCommand("SELECT 1", writer).ExecuteNonQueryAsync();
        Assert.That((await AskAsync("7", "numbered", "id")).To, Is.EqualTo("7"));
    }

    [TestCase("smallint", short.MaxValue)]
    [TestCase("integer", int.MaxValue)]
    [TestCase("bigint", long.MaxValue)]
    public async Task The_bound_of_an_integer_cursor_stays_within_its_type(string type, long last)
    {
        await Database.ExecuteAsync($"CREATE TABLE full_up (id {type} PRIMARY KEY, x real); INSERT INTO full_up VALUES ({last}, 1)");

        Assert.That((await AskAsync("7", "full_up", "id")).To, Is.EqualTo($"{last}"));
    }

    private async Task<WindowBound> AskAsync(string? from = null, string table = "events", string cursor = "at", string before = "")
    {
        await Database.ExecuteAsync("CREATE TABLE IF NOT EXISTS events (id integer PRIMARY KEY, at timestamptz NOT NULL, x real)");
        SourceLayout layout = await SourceReading.LayoutAsync(Database, table, ["id"], [("x", new ColumnType(ValueKind.Single))], cursor);
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        if (before.Length > 0)
            await new NpgsqlCommand(before, connection).ExecuteNonQueryAsync();
        return await WindowBound.AskAsync(connection, layout, from ?? LongAgo, CancellationToken.None);
    }
}
