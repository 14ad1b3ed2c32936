using BatchScorer.Postgres.Private;

namespace BatchScorer.Tests.Postgres.Private;

internal sealed class PrivateServerAccessTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task Nobody_gets_in_without_the_password() =>
        Assert.That(await Database.QueryAsync<string>("SELECT DISTINCT auth_method FROM pg_hba_file_rules"), Is.EqualTo(new[] { "scram-sha-256" }));

    [Test]
    public async Task Only_this_machine_can_reach_it()
    {
        Assert.That(await Database.ScalarAsync<string>("SHOW listen_addresses"), Is.EqualTo("127.0.0.1"));
        Assert.That(await Database.ScalarAsync<string>("SHOW unix_socket_directories"), Is.Empty);
    }

    [Test]
    public async Task Its_settings_are_in_force()
    {
        Assert.That(await Database.ScalarAsync<string>("SHOW fsync"), Is.EqualTo("off"));
        Assert.That(await Database.ScalarAsync<string>("SHOW max_prepared_transactions"), Is.EqualTo("10"));
    }

    [Test]
    public async Task The_line_for_psql_works_as_it_is()
    {
        Assume.That(ExternalProgram.FindOnPath("psql"), Is.Not.Null, "There is no psql on the PATH.");

        var result = await ExternalProgram.RunAsync(["/bin/sh", "-c", Server.PsqlLine(Database.Name) + " --no-psqlrc -Atc 'SELECT current_database()'"]);

        Assert.That(result, Is.EqualTo(new ProgramResult(0, Database.Name, "")));
    }
}
