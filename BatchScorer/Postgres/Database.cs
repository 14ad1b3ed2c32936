using BatchScorer.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BatchScorer.Postgres;

/// <summary>
/// The database of source and ledger, with two pools of connections: a worker that hangs in a write must not take a reader with it,
/// and servers show which is which.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    /// <summary>What servers show as the name of the connections that only read.</summary>
    public const string ReaderName = $"{DataSources.ApplicationName} reader";

    private Database(NpgsqlDataSource writers, NpgsqlDataSource readers, ILogger logger)
    {
        Writers = writers;
        Readers = readers;
        Availability = new Availability(logger);
    }

    public NpgsqlDataSource Writers { get; }

    public NpgsqlDataSource Readers { get; }

    public Availability Availability { get; }

    /// <summary>Connects once and checks that the server will do.</summary>
    /// <exception cref="BatchScorerException">It will not, or it is out of reach.</exception>
    public static async Task<Database> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var writers = await DataSources.OpenAsync(connectionString, cancellationToken);
        var settings = DataSources.Parse(connectionString);
        settings.ApplicationName = ReaderName;
        return new Database(writers, new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = ReaderName }.Build(), NullLogger.Instance);
    }

    /// <summary>The same database, which from now on is disposed of and logs through the result.</summary>
    public Database LoggingTo(ILogger logger) => new(Writers, Readers, logger);

    /// <summary>Closes the connections that are not in use, so that the next ones are new.</summary>
    public void ForgetConnections()
    {
        Writers.Clear();
        Readers.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await Readers.DisposeAsync();
        await Writers.DisposeAsync();
    }
}
