using Dapper;
using Npgsql;

namespace BatchScorer.Postgres;

/// <summary>Has the server end what a worker leaves hanging.</summary>
internal static class TransactionTime
{
    /// <summary>Limits each statement of the current transaction, and the time between two of them.</summary>
    public static Task LimitAsync(NpgsqlConnection connection, TimeSpan limit, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "SELECT set_config('statement_timeout', @limit, true), set_config('idle_in_transaction_session_timeout', @limit, true)",
            new { limit = Text(limit) }, cancellationToken: cancellationToken));

    /// <summary>Limits the time between two statements of the current transaction, for one whose statements may take long.</summary>
    public static Task LimitIdleAsync(NpgsqlConnection connection, TimeSpan limit, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "SELECT set_config('idle_in_transaction_session_timeout', @limit, true)", new { limit = Text(limit) }, cancellationToken: cancellationToken));

    private static string Text(TimeSpan limit) => $"{(long)limit.TotalMilliseconds}ms";
}
