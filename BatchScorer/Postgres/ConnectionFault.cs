using System.Net.Sockets;
using System.Security.Authentication;
using BatchScorer.Errors;
using Npgsql;

namespace BatchScorer.Postgres;

/// <summary>Says in one line why there is no connection, and what to do about it.</summary>
internal static class ConnectionFault
{
    /// <summary>The fault for the user: which server, database and user it is about, why, and the remedy.</summary>
    /// <param name="fault">What Npgsql threw when it connected.</param>
    /// <param name="settings">What it connected with.</param>
    public static BatchScorerException Explain(Exception fault, NpgsqlConnectionStringBuilder settings)
    {
        var (why, remedy) = fault is PostgresException refusal ? OfServer(refusal) : OfNetwork(fault);
        return new BatchScorerException(
            ExitCode.Unavailable,
            $"Cannot connect to the database \"{settings.Database ?? settings.Username}\" at {settings.Host}:{settings.Port} as \"{settings.Username}\": {why}. {remedy}.",
            fault);
    }

    private static (string Why, string Remedy) OfServer(PostgresException refusal) => refusal.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword => ("the password is wrong or the user unknown", "Check Username and Password"),
        PostgresErrorCodes.InvalidAuthorizationSpecification => (refusal.MessageText, "Check Username and SSL Mode, and the server's pg_hba.conf"),
        PostgresErrorCodes.InvalidCatalogName => ("there is no such database", "Check Database, or create it"),
        PostgresErrorCodes.InsufficientPrivilege => (refusal.MessageText, "Have its owner GRANT CONNECT"),
        PostgresErrorCodes.TooManyConnections => ("the server takes no more connections", "Try again later, or raise its max_connections"),
        PostgresErrorCodes.CannotConnectNow => (refusal.MessageText, "Try again in a moment"),
        PostgresErrorCodes.ProtocolViolation => (refusal.MessageText, "A connection pooler may stand before the server: connect to the server itself, or set ignore_startup_parameters = options there"),
        _ => ($"{refusal.MessageText} ({refusal.SqlState})", "See the server's log"),
    };

    private static (string Why, string Remedy) OfNetwork(Exception fault)
    {
        var causes = Causes(fault).ToList();
        if (causes.OfType<SocketException>().FirstOrDefault() is { } socket)
        {
            return socket.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => ("nothing listens there", "Check Host and Port, and that the server runs"),
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => ("the name of the host is not known", "Check Host, and the name server"),
                SocketError.TimedOut => ("nothing answers there", "Check Host and Port, and the firewalls between"),
                _ => (socket.Message, "Check Host and Port, and the network between"),
            };
        }

        if (causes.OfType<TimeoutException>().Any())
            return ("nothing answers in time", "Check Host and Port, and the firewalls between");
        if (causes.OfType<AuthenticationException>().FirstOrDefault() is { } tls)
            return ($"the server's certificate is not accepted: {tls.Message.TrimEnd('.')}", "Check SSL Mode and Root Certificate");
        if (causes.Any(ConnectionLoss.IsOfOpening))
            return ("the connection was cut while it opened", "Try again in a moment");
        return (causes[^1].Message.TrimEnd('.'), "Check the connection string, and the server's log");
    }

    private static IEnumerable<Exception> Causes(Exception fault)
    {
        for (Exception? cause = fault; cause is not null; cause = cause.InnerException)
            yield return cause;
    }
}
