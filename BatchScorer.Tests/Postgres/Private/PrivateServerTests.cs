using System.Diagnostics;
using System.Net.Sockets;
using BatchScorer.Errors;
using BatchScorer.Postgres.Private;
using Dapper;
using Npgsql;

namespace BatchScorer.Tests.Postgres.Private;

[TestFixture(ServerKind.Installed)]
[TestFixture(ServerKind.Npm)]
internal sealed class PrivateServerTests(ServerKind kind)
{
    private PrivateServerOptions options = null!;

    [OneTimeSetUp]
    public async Task FindPrograms() => options = new PrivateServerOptions { Programs = (await TestServer.GetAsync(kind)).Programs };

    [Test]
    public async Task A_server_runs_in_a_folder_of_its_own_until_it_is_disposed()
    {
        string folder;
        int port;
        await using (var server = await PrivateServer.StartAsync(options, default))
        {
            (folder, port) = (server.Folder, server.Port);
            await using var connection = await OpenAsync(server.ConnectionString());
            Assert.That(connection.PostgreSqlVersion.Major, Is.EqualTo(options.Programs!.Version.Major));
            Assert.That(await connection.ExecuteScalarAsync<string>("SHOW data_directory"), Does.StartWith(folder));
        }

        Assert.That(Directory.Exists(folder), Is.False);
        Assert.That(Listens(port), Is.False);
    }

    [Test]
    public async Task A_busy_client_does_not_hold_up_the_end()
    {
        var server = await PrivateServer.StartAsync(options, default);
        await using var connection = await OpenAsync(server.ConnectionString());
        var busy = connection.ExecuteAsync("SELECT pg_sleep(60)");
        var clock = Stopwatch.StartNew();

        await server.DisposeAsync();

        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(async () => await busy, Throws.InstanceOf<NpgsqlException>());
        Assert.That(Directory.Exists(server.Folder), Is.False);
    }

    [Test]
    public async Task A_start_that_is_cancelled_leaves_nothing_behind([Values("data", "server.log")] string reached)
    {
        var folder = NewFolder();
        using var cancellation = new CancellationTokenSource();

        var start = PrivateServer.StartAsync(options with { Folder = folder }, cancellation.Token);
        while (!Path.Exists(Path.Combine(folder, reached)) && !start.IsCompleted)
            await Task.Delay(5);
        await cancellation.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => start);
        Assert.That(Directory.Exists(folder), Is.False);
        Assert.That(await ProcessesAsync(folder), Is.Empty);
    }

    [Test]
    public async Task A_server_that_does_not_start_shows_the_end_of_its_log_and_leaves_nothing_behind()
    {
        var folder = NewFolder();
        var settings = new Dictionary<string, string> { ["max_connections"] = "many" };

        var fault = await Assert.ThrowsAsync<BatchScorerException>(
            () => PrivateServer.StartAsync(options with { Folder = folder, Settings = settings }, default));

        Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.Unavailable));
        Assert.That(fault.Message, Does.Contain("invalid value for parameter \"max_connections\": \"many\""));
        Assert.That(Directory.Exists(folder), Is.False);
    }

    [Test]
    public async Task A_folder_with_something_in_it_is_refused_and_left_alone()
    {
        var folder = NewFolder();
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "thesis.txt");
        await File.WriteAllTextAsync(file, "years of work");

        var fault = await Assert.ThrowsAsync<BatchScorerException>(() => PrivateServer.StartAsync(options with { Folder = folder }, default));

        Assert.That(fault!.Message, Does.Contain($"{folder} is not empty"));
        Assert.That(File.Exists(file));
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task A_server_that_is_kept_stays_until_its_own_command_removes_it()
    {
        var server = await PrivateServer.StartAsync(options, default);
        server.Keep();
        await server.DisposeAsync();

        await using (var connection = await OpenAsync(server.ConnectionString()))
            Assert.That(await connection.ExecuteScalarAsync<int>("SELECT 1"), Is.EqualTo(1));

        var removal = await ExternalProgram.RunAsync(["/bin/sh", "-c", server.RemovalCommand], "/");
        Assert.That(removal.Succeeded, removal.Errors);
        Assert.That(Directory.Exists(server.Folder), Is.False);
        Assert.That(Listens(server.Port), Is.False);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task A_server_whose_process_dies_is_stopped_and_removed()
    {
        var server = await PrivateServer.StartAsync(options, default);
        server.Keep();
        var guard = OrphanGuard.Start(await ServerUser.FindAsync(default), server.Programs, server.Folder);

        guard.Dispose();

        Assert.That(() => Directory.Exists(server.Folder), Is.False.After(10).Seconds.PollEvery(50).MilliSeconds);
        Assert.That(Listens(server.Port), Is.False);
    }

    private static string NewFolder() => Path.Combine(Path.GetTempPath(), "batchscorer-test-" + Path.GetRandomFileName());

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static bool Listens(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // The guard ends a moment after it was told to.
    private static async Task<string> ProcessesAsync(string folder)
    {
        if (OperatingSystem.IsWindows())
            return "";
        for (var attempt = 0; ; attempt++)
        {
            var all = await ExternalProgram.RunAsync(["ps", "-eo", "args"]);
            var ours = string.Join('\n', all.Output.Split('\n').Where(line => line.Contains(folder, StringComparison.Ordinal)));
            if (ours.Length == 0 || attempt == 20)
                return ours;
            await Task.Delay(50);
        }
    }
}
