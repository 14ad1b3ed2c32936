using BatchScorer.Errors;
using BatchScorer.Postgres.Migrations;

namespace BatchScorer.Tests.Postgres.Migrations;

internal sealed class MigratorTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly (string, string)[] TwoFiles =
    [
        ("0001_customers.sql", "CREATE TABLE customers (id integer);\nINSERT INTO customers VALUES (1);"),
        ("0002_orders.sql", "CREATE TABLE orders (id integer);"),
    ];

    private TestDatabase empty = null!;

    [SetUp]
    public async Task CreateEmptyDatabase() => empty = await Server.CreateEmptyDatabaseAsync();

    [TearDown]
    public async Task DropEmptyDatabase()
    {
        if (empty is not null)
            await empty.DisposeAsync();
    }

    [Test]
    public async Task An_empty_database_gets_every_migration_in_order()
    {
        var applied = await ApplyAsync(TwoFiles);

        Assert.That(applied, Is.EqualTo(new[] { "0001_customers", "0002_orders" }));
        Assert.That(await empty.ScalarAsync<int>("SELECT count(*) FROM customers, scoring.migrations"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_database_that_is_up_to_date_is_left_as_it_is()
    {
        await ApplyAsync(TwoFiles);

        Assert.That(await ApplyAsync(TwoFiles), Is.Empty);
        Assert.That(await empty.ScalarAsync<int>("SELECT count(*) FROM customers"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_newer_program_applies_what_is_missing()
    {
        await ApplyAsync(TwoFiles[..1]);

        Assert.That(await ApplyAsync(TwoFiles), Is.EqualTo(new[] { "0002_orders" }));
    }

    [Test]
    public async Task Line_endings_are_no_edit()
    {
        await ApplyAsync(TwoFiles);

        Assert.That(await ApplyAsync([.. TwoFiles.Select(file => (file.Item1, file.Item2.ReplaceLineEndings("\r\n")))]), Is.Empty);
    }

    [Test]
    public async Task An_edited_migration_is_refused()
    {
        await ApplyAsync(TwoFiles);

        var fault = await RefusalAsync([("0001_customers.sql", "CREATE TABLE customers (id bigint);"), TwoFiles[1]]);

        Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(fault.Message, Does.Contain("0001_customers was edited after it was applied"));
    }

    [Test]
    public async Task A_renamed_migration_is_refused()
    {
        await ApplyAsync(TwoFiles);

        Assert.That((await RefusalAsync([("0001_clients.sql", TwoFiles[0].Item2), TwoFiles[1]])).Message, Does.Contain("as 0001_customers"));
    }

    [Test]
    public async Task A_database_newer_than_the_program_is_refused()
    {
        await ApplyAsync(TwoFiles);

        var fault = await RefusalAsync(TwoFiles[..1]);

        Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(fault.Message, Does.Contain("has the migration 0002_orders, and this program knows 1"));
    }

    [Test]
    public async Task A_hole_in_what_was_applied_is_refused()
    {
        await ApplyAsync(TwoFiles);
        await empty.ExecuteAsync("DELETE FROM scoring.migrations WHERE number = 1");

        Assert.That((await RefusalAsync(TwoFiles)).Message, Does.Contain("0002_orders and not 0001_customers before it"));
    }

    [Test]
    public async Task A_migration_that_fails_leaves_those_before_it_applied_and_nothing_of_itself()
    {
        var fault = await RefusalAsync([TwoFiles[0], ("0002_bad.sql", "CREATE TABLE half (id integer);\nSELECT 1 / 0;")]);

        Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(fault.Message, Does.Contain("0002_bad failed").And.Contain("division by zero"));
        Assert.That(await empty.QueryAsync<string>("SELECT name FROM scoring.migrations"), Is.EqualTo(new[] { "customers" }));
        Assert.That(await empty.ScalarAsync<string>("SELECT to_regclass('half')::text"), Is.Null);

        Assert.That(await ApplyAsync(TwoFiles), Is.EqualTo(new[] { "0002_orders" }));
    }

    [Test]
    public async Task Of_many_at_once_one_migrates_and_the_others_wait()
    {
        (string, string)[] slow = [TwoFiles[0], ("0002_slow.sql", "SELECT pg_sleep(0.2);")];

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ApplyAsync(slow)));

        Assert.That(applied.Select(migrations => migrations.Length).Order(), Is.EqualTo(new[] { 0, 0, 0, 2 }));
    }

    [Test]
    public async Task The_lock_is_given_back_to_the_pool_free()
    {
        await ApplyAsync(TwoFiles);

        Assert.That(await empty.ScalarAsync<int>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"), Is.Zero);
    }

    [Test]
    public async Task A_command_that_needs_the_schema_says_what_to_run()
    {
        await ApplyAsync(TwoFiles[..1]);

        var fault = await Assert.ThrowsAsync<BatchScorerException>(() => new Migrator(MigrationSet.From(TwoFiles)).CheckAsync(empty.DataSource, default));

        Assert.That(fault!.Message, Does.Contain("lacks 1 of this program's 2 migrations, first 0002_orders: run `batchscorer db migrate`"));
    }

    [Test]
    public async Task A_schema_that_is_up_to_date_passes_the_check()
    {
        await ApplyAsync(TwoFiles);

        await new Migrator(MigrationSet.From(TwoFiles)).CheckAsync(empty.DataSource, default);
    }

    [Test]
    public async Task A_database_in_another_encoding_is_refused()
    {
        await Database.ExecuteAsync("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
        await using var latin = Server.Database("latin");

        var fault = await Assert.ThrowsAsync<BatchScorerException>(() => new Migrator().ApplyAsync(latin.DataSource, default));

        Assert.That(fault!.Message, Does.Contain("\"latin\" has the encoding LATIN1, expected UTF8"));
    }

    [Test]
    public async Task Everything_in_the_schema_is_explained_to_those_who_query_it()
    {
        const string unexplained = """
            SELECT c.relname || coalesce('.' || a.attname, '')
            FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = 'scoring'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
              AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)
            """;

        Assert.That(await Database.QueryAsync<string>(unexplained), Is.Empty);
    }

    private async Task<string[]> ApplyAsync((string, string)[] files) =>
        [.. (await new Migrator(MigrationSet.From(files)).ApplyAsync(empty.DataSource, default)).Select(migration => migration.ToString())];

    private async Task<BatchScorerException> RefusalAsync((string, string)[] files) =>
        (await Assert.ThrowsAsync<BatchScorerException>(() => ApplyAsync(files)))!;
}
