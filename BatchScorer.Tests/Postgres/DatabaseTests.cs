namespace BatchScorer.Tests.Postgres;

/// <summary>
/// Tests that need a database. Each test gets a new one, with every migration applied, on each of the servers in turn:
/// <c>internal sealed class RunTests(ServerKind kind) : DatabaseTests(kind)</c>. Fixtures run side by side, since tests of a database
/// mostly wait for it; a slow one for which the server makes no difference says <c>[OnOneServer]</c>, and one that listens to the whole process says <c>[Parallelizable(ParallelScope.None)]</c>.
/// </summary>
[Parallelizable(ParallelScope.Self)]
[TestFixture(ServerKind.Installed)]
[TestFixture(ServerKind.Npm)]
internal abstract class DatabaseTests(ServerKind kind)
{
    private TestDatabase? database;

    /// <summary>The server, for a test that needs further databases.</summary>
    protected TestServer Server { get; private set; } = null!;

    protected TestDatabase Database => database!;

    [SetUp]
    public async Task CreateDatabase()
    {
        Server = await TestServer.GetAsync(kind);
        database = await Server.CreateDatabaseAsync();
    }

    [TearDown]
    public async Task DropDatabase()
    {
        if (database is not null)
            await database.DisposeAsync();
        database = null;
    }
}
