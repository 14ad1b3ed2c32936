using BatchScorer.Cli.Demo;
using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Cli;

/// <summary>Tests of commands on a database of their own.</summary>
internal abstract class CommandTests(ServerKind kind) : DatabaseTests(kind)
{
    protected Dictionary<string, string> Settings => SettingsOf(Database);

    /// <summary>The settings by which commands find a database.</summary>
    protected static Dictionary<string, string> SettingsOf(TestDatabase database) =>
        new() { ["BATCHSCORER_ConnectionStrings__BatchScorer"] = database.ConnectionString };

    protected Task<Invocation> RunAsync(params string[] arguments) => Invocation.RunAsync(Settings, arguments);

    /// <summary>Makes the demo's table with the first customers, and the tables of its job.</summary>
    protected async Task MakeCustomersAsync(int rows)
    {
        await CustomersTable.CreateAsync(Database.DataSource, DemoCustomers.Generate().Take(rows), CancellationToken.None);
        var migrated = await RunAsync("db", "migrate");
        Assert.That(migrated.ExitCode, Is.EqualTo(ExitCode.Done), migrated.Progress);
    }
}
