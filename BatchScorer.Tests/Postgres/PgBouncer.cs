using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BatchScorer.Postgres.Private;
using Npgsql;

namespace BatchScorer.Tests.Postgres;

/// <summary>A PgBouncer before a database, where PgBouncer is installed.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("batchscorer-pgbouncer-").FullName;
    private readonly NpgsqlConnectionStringBuilder settings;
    private Process process = null!;

    private PgBouncer(NpgsqlConnectionStringBuilder settings) => this.settings = settings;

    /// <summary>The way through it.</summary>
    public string ConnectionString => settings.ConnectionString;

    /// <summary>Starts one, or skips the test that asks for it.</summary>
    public static async Task<PgBouncer> StartAsync(TestDatabase database, string poolMode, bool passesOptions)
    {
        if (ExternalProgram.FindOnPath("pgbouncer") is not { } program)
        {
            Assert.Ignore("PgBouncer is not installed.");
            return null!;
        }

        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var bouncer = new PgBouncer(new(database.ConnectionString) { Port = FreePort(), Timeout = 5, Pooling = false });
        var configuration = Path.Combine(bouncer.folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(configuration, $"""
            [databases]
            * = host={server.Host} port={server.Port} user={server.Username} password={server.Password}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {bouncer.settings.Port}
            unix_socket_dir =
            auth_type = any
            pool_mode = {poolMode}
            ignore_startup_parameters = extra_float_digits{(passesOptions ? ",options" : "")}
            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(bouncer.folder, File.GetUnixFileMode(bouncer.folder) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        bouncer.process = ExternalProgram.Start([program, "-q", .. user, configuration]);
        await bouncer.AcceptsAsync();
        return bouncer;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task AcceptsAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, settings.Port);
                return;
            }
            catch (SocketException) when (attempt < 100)
            {
                await Task.Delay(20);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
