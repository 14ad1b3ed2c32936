using BatchScorer.Cli.Hosting;
using BatchScorer.Postgres;
using BatchScorer.Postgres.Private;
using Npgsql;

namespace BatchScorer.Cli.Demo;

/// <summary>
/// Where the demo takes place: the configured database, or a private server. What the demo makes there goes when this is disposed,
/// unless it is kept.
/// </summary>
internal sealed class DemoDatabase : IAsyncDisposable
{
    private readonly PrivateServer? server;
    private bool hasTraces;

    private DemoDatabase(ProgramHost host, PrivateServer? server)
    {
        Host = host;
        this.server = server;
    }

    /// <summary>Services on the database.</summary>
    public ProgramHost Host { get; }

    public bool IsPrivate => server is not null;

    /// <summary>The line that sets the private server as the database of later commands; null where the configured one is used anyway.</summary>
    public string? Setting => server is null ? null : $"export {ProgramEnvironment.VariableOf(ConnectionSetting.Path)}='{Host.ConnectionString}'";

    /// <summary>The line to paste into a shell to look around; without the password where the database is not the demo's own.</summary>
    public string PsqlLine => server?.PsqlLine() ?? PsqlLineOf(new NpgsqlConnectionStringBuilder(Host.ConnectionString));

    /// <summary>How what was kept goes: a shell command, or SQL where the database is not the demo's own.</summary>
    public string Removal => server?.RemovalCommand ?? DemoTraces.Removal;

    private NpgsqlDataSource Writers => Host.Get<Database>().Writers;

    /// <summary>Connects, after starting a server where none is configured.</summary>
    /// <param name="environment">Where settings come from.</param>
    /// <param name="overrides">Settings that win over them.</param>
    /// <param name="progress">Told what takes a while.</param>
    public static async Task<DemoDatabase> OpenAsync(
        ProgramEnvironment environment, Dictionary<string, string?> overrides, TextWriter progress, CancellationToken cancellationToken)
    {
        string? configured;
        using (var host = ProgramHost.Build(environment, overrides))
            configured = host.ConnectionString;
        if (configured is not null)
            return await OpenAsync(environment, overrides, server: null, cancellationToken);

        progress.WriteLine("Starting a PostgreSQL of the demo's own ...");
        var server = await PrivateServer.StartAsync(new PrivateServerOptions(), cancellationToken);
        try
        {
            var settings = new Dictionary<string, string?>(overrides) { [ConnectionSetting.Path] = server.ConnectionString(), [ConnectionSetting.PasswordFile] = null };
            return await OpenAsync(environment, settings, server, cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the customers and what the job writes to.</summary>
    public async Task FillAsync(IEnumerable<DemoCustomer> customers, CancellationToken cancellationToken)
    {
        if (!IsPrivate)
            await DemoTraces.RefuseAsync(Writers, cancellationToken);
        await new Postgres.Migrations.Migrator().ApplyAsync(Writers, cancellationToken);
        hasTraces = true;
        await CustomersTable.CreateAsync(Writers, customers, cancellationToken);
    }

    /// <summary>Lets everything stay.</summary>
    public void Keep()
    {
        hasTraces = false;
        server?.Keep();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (hasTraces && !IsPrivate)
                await DemoTraces.RemoveAsync(Writers);
        }
        finally
        {
            await Host.DisposeAsync();
            if (server is not null)
                await server.DisposeAsync();
        }
    }

    private static async Task<DemoDatabase> OpenAsync(
        ProgramEnvironment environment, Dictionary<string, string?> settings, PrivateServer? server, CancellationToken cancellationToken) =>
        new(await ProgramHost.ConnectAsync(environment, settings, cancellationToken), server);

    private static string PsqlLineOf(NpgsqlConnectionStringBuilder settings) =>
        $"psql \"postgresql://{Uri.EscapeDataString(settings.Username ?? "")}@{settings.Host}:{settings.Port}/{Uri.EscapeDataString(settings.Database ?? "")}\"";
}
