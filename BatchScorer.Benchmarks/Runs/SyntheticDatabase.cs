using BatchScorer.Benchmarks.Models;
using BatchScorer.Postgres;
using BatchScorer.Postgres.Migrations;
using BatchScorer.Postgres.Private;

namespace BatchScorer.Benchmarks.Runs;

/// <summary>A server made for a measurement, which keeps its promises to the disk, with the ledger and a synthetic table.</summary>
internal sealed class SyntheticDatabase : IAsyncDisposable
{
    private SyntheticDatabase(PrivateServer server, Database database)
    {
        Server = server;
        Database = database;
    }

    public PrivateServer Server { get; }

    public Database Database { get; }

    /// <summary>What is measured on, for a report's first line.</summary>
    public string Description => $"{Machine.Describe()}; PostgreSQL {Server.Programs.Version} on the same machine";

    /// <param name="model">Whose inputs the table's columns are.</param>
    /// <param name="rows">Rows of the table.</param>
    public static async Task<SyntheticDatabase> CreateAsync(SyntheticModel model, int rows, CancellationToken cancellationToken)
    {
        var server = await PrivateServer.StartAsync(new PrivateServerOptions { Durable = true }, cancellationToken);
        try
        {
            var database = await Database.OpenAsync(server.ConnectionString(), cancellationToken);
            await new Migrator().ApplyAsync(database.Writers, cancellationToken);
            await SyntheticTable.CreateAsync(database.Writers, model, rows, cancellationToken);
            return new SyntheticDatabase(server, database);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Server.DisposeAsync();
    }
}
