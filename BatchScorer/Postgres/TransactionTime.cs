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
            new { limit = $"{(long)limit.TotalMilliseconds}ms" }, cancellationToken: cancellationToken));
}
