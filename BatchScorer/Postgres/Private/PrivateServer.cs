using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using BatchScorer.Errors;
using Npgsql;

namespace BatchScorer.Postgres.Private;

/// <summary>
/// A PostgreSQL server of one's own, in a folder of its own, that only this machine can reach, with a random password.
/// Disposing it stops the server and removes the folder, unless it is kept.
/// </summary>
internal sealed class PrivateServer : IAsyncDisposable
{
    private const string UserName = "postgres";
    private const int PortAttempts = 5;
    private const string StartTimeout = "60";

    private readonly ServerUser user;
    private readonly PrivateServerOptions options;
    private readonly string password = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private OrphanGuard? guard;
    private bool kept;
    private bool removed;

    private PrivateServer(PrivateServerOptions options, ServerPrograms programs, ServerUser user)
    {
        this.options = options;
        this.user = user;
        Programs = programs;
        Folder = options.Folder is { } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(Path.GetTempPath(), "batchscorer-" + RandomNumberGenerator.GetHexString(12, lowercase: true));
    }

    public ServerPrograms Programs { get; }

    /// <summary>Holds the data and the log.</summary>
    public string Folder { get; }

    public int Port { get; private set; }

    /// <summary>What the server has to say, in a file that grows.</summary>
    public string LogFile => Path.Combine(Folder, "server.log");

    /// <summary>The command that stops a server that was kept and removes its folder.</summary>
    public string RemovalCommand => $"{CommandLine(user.Command(StopCommand("fast")))} && {(OperatingSystem.IsWindows() ? "rmdir /s /q" : "rm -r")} {Quote(Folder)}";

    public string DataFolder => Path.Combine(Folder, "data");

    /// <summary>Makes and starts a server, and waits until it accepts connections, which takes about a second.</summary>
    /// <exception cref="BatchScorerException">There are no server programs, or the server does not start; the message has the end of its log.</exception>
    public static async Task<PrivateServer> StartAsync(PrivateServerOptions options, CancellationToken cancellationToken)
    {
        var programs = options.Programs ?? await ServerPrograms.FindAsync(cancellationToken);
        var server = new PrivateServer(options, programs, await ServerUser.FindAsync(cancellationToken));
        server.MakeFolder();
        try
        {
            server.guard = OrphanGuard.Start(server.user, programs, server.Folder);
            await server.InitializeAsync(cancellationToken);
            await server.LaunchAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.RemoveAsync();
            throw;
        }
    }

    /// <summary>The way in for Npgsql, as superuser.</summary>
    public string ConnectionString(string database = UserName) => new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(),
        Port = Port,
        Username = UserName,
        Password = password,
        Database = database,
    }.ConnectionString;

    /// <summary>The line to paste into a shell to look around with <c>psql</c>.</summary>
    public string PsqlLine(string database = UserName) =>
        $"psql \"postgresql://{UserName}:{password}@{IPAddress.Loopback}:{Port}/{Uri.EscapeDataString(database)}\"";

    /// <summary>Stops the server, within seconds even when clients are busy, and removes its folder; nothing when it is kept.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!kept)
            await RemoveAsync();
    }

    /// <summary>Lets the server and its folder outlive this process; <see cref="RemovalCommand"/> ends them.</summary>
    public void Keep()
    {
        kept = true;
        ReleaseGuard();
    }

    private void MakeFolder()
    {
        if (Directory.Exists(Folder) && Directory.EnumerateFileSystemEntries(Folder).Any())
            throw new BatchScorerException(ExitCode.BadConfiguration, $"The folder {Folder} is not empty: name a new one for the private server.");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Folder);
        else
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        var passwordFile = Path.Combine(Folder, "password");
        await File.WriteAllTextAsync(passwordFile, password, cancellationToken);
        await user.OwnAsync(Folder, cancellationToken);

        string[] command =
        [
            Programs.Initdb, "--pgdata", DataFolder, "--username", UserName, "--pwfile", passwordFile,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions",
        ];
        // Half a second, and not cancelled in it: killed, it leaves shared memory behind.
        var result = await ExternalProgram.RunAsync(user.Command(command), Folder, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        if (!result.Succeeded)
            throw new BatchScorerException(ExitCode.Unavailable, $"initdb could not make a private PostgreSQL {Programs.Version} in {Folder}: {result.Errors}");
        File.Delete(passwordFile);
        await File.AppendAllLinesAsync(Path.Combine(DataFolder, "postgresql.conf"), ServerSettings.Lines(options), cancellationToken);
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Port = FreePort();
            // Not cancelled half way, when nobody could tell whether there is a server to stop.
            var result = await ExternalProgram.RunAsync(
                user.Command(Programs.PgCtl, "start", "-D", DataFolder, "-l", LogFile, "-w", "-t", StartTimeout, "-s", "-o", $"-p {Port}"),
                Folder,
                CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            if (result.Succeeded)
                return;
            if (attempt == PortAttempts || IsFree(Port))
                throw new BatchScorerException(ExitCode.Unavailable, $"The private PostgreSQL {Programs.Version} in {Folder} did not start: {result.Errors}\n{LogTail()}");
        }
    }

    private async Task RemoveAsync()
    {
        if (removed)
            return;
        removed = true;
        foreach (var mode in new[] { "fast", "immediate" })
        {
            if (!File.Exists(Path.Combine(DataFolder, "postmaster.pid")))
                break;
            await ExternalProgram.RunAsync(user.Command(StopCommand(mode)), Folder, CancellationToken.None);
        }

        Directory.Delete(Folder, recursive: true);
        ReleaseGuard();
    }

    private void ReleaseGuard()
    {
        guard?.Release();
        guard?.Dispose();
        guard = null;
    }

    private string[] StopCommand(string mode) => [Programs.PgCtl, "stop", "-s", "-D", DataFolder, "-m", mode, "-t", "10"];

    private string LogTail() => File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(10)) : "";

    private static string CommandLine(IEnumerable<string> command) => string.Join(' ', command.Select(Quote));

    private static string Quote(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=".Contains(c, StringComparison.Ordinal)) ? word : $"\"{word}\"";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
