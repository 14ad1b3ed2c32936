using System.Collections.Concurrent;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Benchmarks.Runs;
using BatchScorer.Postgres;
using BatchScorer.Postgres.Migrations;
using BatchScorer.Postgres.Private;

namespace BatchScorer.Benchmarks.Comparison;

/// <summary>What all contenders have in common: a server, a table of rows, and how many workers each may have.</summary>
internal sealed class Arena : IAsyncDisposable
{
    private Arena(PrivateServer server, Database database, SyntheticModel shape, int rows, int partitions)
    {
        Server = server;
        Database = database;
        Shape = shape;
        Rows = rows;
        Partitions = partitions;
    }

    /// <summary>Rows that are read, scored and committed as one, by everybody.</summary>
    public const int ChunkRows = 50_000;

    public PrivateServer Server { get; }

    public Database Database { get; }

    /// <summary>Whose inputs the table's columns are.</summary>
    public SyntheticModel Shape { get; }

    public int Rows { get; }

    public int Partitions { get; }

    /// <summary>The first key of each chunk, and the one behind its last; keys count from 1.</summary>
    public IEnumerable<(int Start, int End)> Chunks =>
        Enumerable.Range(0, (Rows + ChunkRows - 1) / ChunkRows).Select(chunk => (1 + chunk * ChunkRows, Math.Min(Rows, (chunk + 1) * ChunkRows) + 1));

    public static async Task<Arena> CreateAsync(SyntheticModel shape, int rows, int partitions, CancellationToken cancellationToken)
    {
        var server = await PrivateServer.StartAsync(new PrivateServerOptions { Durable = true }, cancellationToken);
        try
        {
            var database = await Database.OpenAsync(server.ConnectionString(), cancellationToken);
            await new Migrator().ApplyAsync(database.Writers, cancellationToken);
            await SyntheticTable.CreateAsync(database.Writers, shape, rows, cancellationToken);
            return new Arena(server, database, shape, rows, partitions);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has the workers take chunks until there is none left.</summary>
    /// <param name="work">A worker; it is given its chunks.</param>
    /// <returns>What the workers have counted, in all.</returns>
    public async Task<long> ShareAsync(Func<IEnumerable<(int Start, int End)>, Task<long>> work)
    {
        var chunks = new ConcurrentQueue<(int Start, int End)>(Chunks);
        var counts = await Task.WhenAll(Enumerable.Range(0, Partitions).Select(_ => Task.Run(() => work(Taken()))));
        return counts.Sum();

        IEnumerable<(int Start, int End)> Taken()
        {
            while (chunks.TryDequeue(out var chunk))
                yield return chunk;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Server.DisposeAsync();
    }
}
