using System.ComponentModel;
using System.Net;
using System.Reflection;
using System.Security.Authentication;
using BatchScorer.Errors;
using Npgsql;

namespace BatchScorer.Postgres;

/// <summary>Makes data sources that fit this program's work: long statements, and connections whose other end may vanish.</summary>
internal static class DataSources
{
    /// <summary>What servers show as the application's name unless the connection string has another.</summary>
    public const string ApplicationName = "batchscorer";

    // A dead client's chunk stays locked until its server notices, so servers are told to look within a minute.
    // A setting that the server's system does not know is ignored there.
    private const string ServerOptions =
        "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 -c tcp_user_timeout=60000";

    // One that stands still between two statements, stopped, keeps others from what it has locked, Quartz's schedules first, and TCP knows
    // nothing of it. Transactions that have a limit of their own say so. Readers lock nothing, and may have to wait for a writer.
    private const string WriterOptions = "-c idle_in_transaction_session_timeout=60000";

    private static readonly string[] Keywords =
    [
        .. from property in typeof(NpgsqlConnectionStringBuilder).GetProperties()
           from name in property.GetCustomAttributes<DisplayNameAttribute>()
           select name.DisplayName,
    ];

    /// <summary>Makes a data source for what writes, connects once and checks that the server will do.</summary>
    /// <param name="connectionString">In Npgsql's form; what it says of <c>Options</c> and <c>Application Name</c> wins.</param>
    /// <exception cref="BatchScorerException">
    /// The text is no connection string or the server will not do (<see cref="ExitCode.BadConfiguration"/>), or it cannot be
    /// reached or refuses (<see cref="ExitCode.Unavailable"/>). No message has the password in it.
    /// </exception>
    public static async Task<NpgsqlDataSource> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var settings = Parse(connectionString);
        settings.Options = $"{WriterOptions} {settings.Options}";
        // Metrics show the name, which would otherwise be the connection string.
        var dataSource = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = settings.ApplicationName }.Build();
        try
        {
            await using (var connection = await dataSource.OpenConnectionAsync(cancellationToken))
                await ServerRequirements.CheckAsync(connection, cancellationToken);
            await TransactionPooling.RefuseAsync(dataSource, cancellationToken);
            return dataSource;
        }
        catch (Exception fault)
        {
            await dataSource.DisposeAsync();
            if (fault is NpgsqlException or AuthenticationException || ConnectionLoss.Is(fault))
                throw ConnectionFault.Explain(fault, settings);
            throw;
        }
    }

    /// <summary>Reads a connection string and sets what this program's work needs.</summary>
    /// <exception cref="BatchScorerException">It is not one; the message has none of its values.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        if (connectionString.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) && connectionString.Contains("://", StringComparison.Ordinal))
            throw Invalid("it is a URI");
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw Invalid(Describe((fault as ArgumentException)?.ParamName ?? ""));
        }

        if (string.IsNullOrEmpty(settings.Host))
            throw Invalid("it names no Host");
        if (settings.Port > IPEndPoint.MaxPort)
            throw Invalid("the value of \"Port\" will not do");
        if (settings.MinPoolSize > settings.MaxPoolSize)
            throw Invalid("\"Minimum Pool Size\" is above \"Maximum Pool Size\"");
        settings.ApplicationName ??= ApplicationName;
        settings.Options = settings.Options is { Length: > 0 } options ? $"{ServerOptions} {options}" : ServerOptions;
        // A chunk takes as long as it takes; statement_timeout bounds it on the server.
        settings.CommandTimeout = 0;
        settings.TcpKeepAlive = true;
        settings.TcpKeepAliveTime = 30;
        settings.TcpKeepAliveInterval = 10;
        return settings;
    }

    // What Npgsql says may quote a value, and even what it takes for a keyword may be half of a password with a semicolon in it.
    private static string Describe(string keyword) => Suggestion.For(keyword, Keywords) switch
    {
        "" => "it cannot be read, perhaps since a value with a semicolon in it lacks quotes",
        _ when Keywords.Contains(keyword, StringComparer.OrdinalIgnoreCase) => $"the value of \"{keyword}\" will not do",
        var suggestion => $"there is no \"{keyword}\"{suggestion}",
    };

    private static BatchScorerException Invalid(string why) => new(
        ExitCode.BadConfiguration,
        $"The connection string is not valid: {why}. Expected the form Host=db.example.org;Port=5432;Database=scores;Username=runner;Password=...");
}
