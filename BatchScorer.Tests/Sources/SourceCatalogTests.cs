using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;
using Npgsql;

namespace BatchScorer.Tests.Sources;

internal sealed class SourceCatalogTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task Columns_come_with_their_base_types()
    {
        await Database.ExecuteAsync(
            """
            CREATE TYPE mood AS ENUM ('sad');
            CREATE DOMAIN positive AS numeric(10, 2);
            CREATE DOMAIN very_positive AS positive;
            CREATE TABLE t (id bigint PRIMARY KEY, feeling mood, amount very_positive NOT NULL, gone integer, name varchar(5), code char(3));
            ALTER TABLE t DROP COLUMN gone;
            """);

        var source = await DescribeAsync("t");

        Assert.That(source.Columns.Select(column => $"{column.Name} {column.SqlType} {column.Family} {column.NotNull}"), Is.EqualTo(new[]
        {
            "id bigint Integer True", "feeling mood Text False", "amount numeric Numeric True", "name character varying Text False", "code bpchar Text False",
        }));
    }

    [TestCase("PRIMARY KEY (a, b)", new[] { "a", "b" }, true)]
    [TestCase("PRIMARY KEY (a)", new[] { "a", "b" }, true, Description = "more columns than needed still name one row")]
    [TestCase("PRIMARY KEY (a, b)", new[] { "a" }, false)]
    [TestCase("UNIQUE (a)", new[] { "a" }, true)]
    [TestCase("UNIQUE (c)", new[] { "c" }, false, Description = "c may be null, and nulls are not unique")]
    [TestCase("UNIQUE (a) DEFERRABLE", new[] { "a" }, false)]
    [TestCase("CHECK (a > 0)", new[] { "a" }, false)]
    public async Task A_key_is_proved_by_unique_indexes_on_columns_that_are_never_null(string constraint, string[] key, bool proved)
    {
        await Database.ExecuteAsync($"CREATE TABLE keyed (a integer NOT NULL, b integer NOT NULL, c integer, {constraint})");

        Assert.That((await DescribeAsync("keyed")).ProvesKey(key), Is.EqualTo(proved));
    }

    [Test]
    public async Task Partial_and_expression_indexes_prove_nothing()
    {
        await Database.ExecuteAsync("CREATE TABLE part (a integer NOT NULL); CREATE UNIQUE INDEX ON part (a) WHERE a > 0; CREATE UNIQUE INDEX ON part ((a + 1)); CREATE UNIQUE INDEX ON part ((-a), a)");

        Assert.That((await DescribeAsync("part")).ProvesKey(["a"]), Is.False);
    }

    [Test]
    public async Task An_included_column_is_no_part_of_a_key()
    {
        await Database.ExecuteAsync("CREATE TABLE covering (a integer NOT NULL, b integer NOT NULL); CREATE UNIQUE INDEX ON covering (a) INCLUDE (b)");

        Assert.That((await DescribeAsync("covering")).ProvesKey(["a"]), Is.True);
        Assert.That((await DescribeAsync("covering")).ProvesKey(["b"]), Is.False);
    }

    [Test]
    public async Task A_mistyped_table_gets_a_suggestion()
    {
        await Database.ExecuteAsync("CREATE TABLE customers (id integer)");

        Assert.That(async () => await DescribeAsync("custmers"), Throws.TypeOf<BatchScorerException>()
            .With.Message.EqualTo("The database has no table public.custmers, did you mean \"public.customers\"?: correct source.table, or create the table."));
    }

    [Test]
    public async Task A_table_in_a_schema_that_may_not_be_used_says_what_to_grant()
    {
        var role = $"stranger_{Database.Name}";
        await Database.ExecuteAsync($"CREATE SCHEMA closed; CREATE TABLE closed.t (id integer PRIMARY KEY); CREATE ROLE {role}");
        try
        {
            await using var connection = await Database.DataSource.OpenConnectionAsync();
            await using var become = new NpgsqlCommand($"SET ROLE {role}", connection);
            await become.ExecuteNonQueryAsync();

            Assert.That(async () => await SourceCatalog.DescribeTableAsync(connection, QualifiedName.Parse("closed.t"), CancellationToken.None),
                Throws.TypeOf<BatchScorerException>().With.Message.Contains("GRANT USAGE ON SCHEMA \"closed\""));
        }
        finally
        {
            await Database.ExecuteAsync($"DROP ROLE {role}");
        }
    }

    [Test]
    public async Task A_view_has_to_be_staged()
    {
        await Database.ExecuteAsync("CREATE VIEW v AS SELECT 1 AS id");

        Assert.That((await DescribeAsync("v")).IsTable, Is.False);
    }

    [Test]
    public async Task A_query_is_described_without_being_run()
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();

        var source = await SourceCatalog.DescribeQueryAsync(
            connection, "q.sql", "SELECT 1 AS id, 'x'::text AS name, 1 / 0 AS boom -- never run", CancellationToken.None);

        Assert.That(source.Columns.Select(column => $"{column.Name} {column.SqlType}"), Is.EqualTo(new[] { "id integer", "name text", "boom integer" }));
    }

    [Test]
    public async Task A_query_that_the_database_refuses_is_the_users_fault()
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();

        Assert.That(async () => await SourceCatalog.DescribeQueryAsync(connection, "q.sql", "SELECT nothing FROM nowhere", CancellationToken.None),
            Throws.TypeOf<BatchScorerException>().With.Message.Contains("query q.sql").And.Message.Contains("nowhere"));
    }

    [Test]
    public async Task A_query_that_ends_its_statement_and_begins_another_is_refused()
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();

        Assert.That(
            async () => await SourceCatalog.DescribeQueryAsync(
                connection, "q.sql", "SELECT 1 AS id) AS source; CREATE TABLE smuggled (id integer); SELECT * FROM (SELECT 1 AS id", CancellationToken.None),
            Throws.TypeOf<BatchScorerException>().With.Message.Contains("multiple commands"));
    }

    private async Task<SourceDescription> DescribeAsync(string table)
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        return await SourceCatalog.DescribeTableAsync(connection, QualifiedName.Parse(table), CancellationToken.None);
    }
}
