using BatchScorer.Errors;
using Dapper;
using Npgsql;

namespace BatchScorer.Postgres;

/// <summary>
/// Refuses a connection pooler (PgBouncer and its like) that lends a server's session for a transaction only: the locks and settings
/// of a session, which migrations and workers need, would end up with somebody else.
/// </summary>
internal static class TransactionPooling
{
    private const string SessionSql = "SELECT pg_backend_pid()";
    private const int Attempts = 2;

    /// <summary>Checks that two connections never get one and the same session.</summary>
    /// <remarks>
    /// A pooler is known by the process number that it gives in its own name, which is not the session's. Where there is one, sessions
    /// are held in transactions while another connection waits outside of any: its session must not be among them. A busy pooler
    /// may escape this, having many sessions to lend.
    /// </remarks>
    /// <exception cref="BatchScorerException">The pooler lends sessions for transactions.</exception>
    public static async Task RefuseAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var waiting = await dataSource.OpenConnectionAsync(cancellationToken);
        var session = await SessionAsync(waiting, cancellationToken);
        if (session == waiting.ProcessID)
            return;

        var holders = new List<NpgsqlConnection>();
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var holder = await dataSource.OpenConnectionAsync(cancellationToken);
                holders.Add(holder);
                await holder.BeginTransactionAsync(cancellationToken);
                if (await SessionAsync(holder, cancellationToken) == session)
                {
                    throw new BatchScorerException(
                        ExitCode.BadConfiguration,
                        $"At {waiting.Host}:{waiting.Port} a connection pooler shares sessions between transactions, expected a session of one's own: "
                        + "connect to the server itself, or set pool_mode = session for this user.");
                }
            }
        }
        finally
        {
            foreach (var holder in holders)
                await holder.DisposeAsync();
        }
    }

    private static Task<int> SessionAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<int>(new CommandDefinition(SessionSql, cancellationToken: cancellationToken));
}
