using Npgsql;

namespace BatchScorer.Postgres;

/// <summary>Tells faults whose cause can pass by itself, so that the same may succeed a little later, from all others.</summary>
internal static class PassingFault
{
    private const string IdleInTransactionTimeout = "25P03";

    public static bool Is(Exception fault) => ConnectionLoss.Is(fault)
        || (fault is PostgresException server && (server.IsTransient || Passes(server.SqlState)));

    // Class 40 is transactions that met others, 53 disk, memory and connections that ran out; the last two are limits of time.
    private static bool Passes(string state) =>
        state.StartsWith("40", StringComparison.Ordinal)
        || state.StartsWith("53", StringComparison.Ordinal)
        || state is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled or IdleInTransactionTimeout;
}
