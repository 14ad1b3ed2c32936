using BatchScorer.Errors;
using BatchScorer.Postgres.Migrations;

namespace BatchScorer.Tests.Postgres.Migrations;

internal sealed class MigrationSetTests
{
    [Test]
    public void Files_are_put_in_the_order_of_their_numbers()
    {
        var set = MigrationSet.From([("0002_b.sql", "B"), ("0001_a.sql", "A")]);

        Assert.That(set.Migrations.Select(migration => $"{migration} {migration.Sql}"), Is.EqualTo(new[] { "0001_a A", "0002_b B" }));
    }

    [TestCase("0001_a.sql 0001_b.sql", "0001_a and 0001_b have the same number")]
    [TestCase("0001_a.sql 0003_c.sql", "0003_c comes where number 0002 was expected")]
    [TestCase("0000_a.sql", "0000_a comes where number 0001 was expected")]
    [TestCase("1_a.sql", "\"1_a.sql\" is not the name of a migration")]
    [TestCase("0001_A.SQL", "\"0001_A.SQL\" is not the name of a migration")]
    public void Files_that_make_no_sequence_are_refused(string files, string why)
    {
        var fault = Assert.Throws<BatchScorerException>(() => MigrationSet.From(files.Split(' ').Select(file => (file, "SELECT 1"))));

        Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(fault.Message, Does.Contain(why));
    }

    [Test]
    public void The_programs_own_migrations_make_a_sequence() => Assert.That(() => MigrationSet.Embedded, Throws.Nothing);
}
