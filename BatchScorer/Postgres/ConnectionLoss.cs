using System.Net.Sockets;
using Npgsql;

namespace BatchScorer.Postgres;

/// <summary>Tells faults of the way to the server, or of its going away, from all others.</summary>
internal static class ConnectionLoss
{
    /// <summary>Whether the same may succeed on a new connection, perhaps a little later.</summary>
    public static bool Is(Exception fault) => fault switch
    {
        // Class 08 is connections, 57P servers that shut down or start, 53300 one that has no connection left to give.
        PostgresException server => server.SqlState is PostgresErrorCodes.TooManyConnections
            || server.SqlState.StartsWith("08", StringComparison.Ordinal) || server.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException client => client.IsTransient,
        SocketException or IOException or TimeoutException => true,
        _ => IsOfOpening(fault),
    };

    /// <summary>Whether the connection was cut while it opened, which Npgsql tells only when it is used.</summary>
    /// <remarks>
    /// Npgsql then tries once more without encryption, on the same parts, one of which it has disposed of by then: what it opens breaks
    /// at the first transaction, again and again until its pool is cleared (npgsql/npgsql#6415; 10.0.3 mends it). Nothing else throws this.
    /// </remarks>
    public static bool IsOfOpening(Exception fault) => fault is ObjectDisposedException { ObjectName: var name } && name == typeof(ManualResetEventSlim).FullName;
}
