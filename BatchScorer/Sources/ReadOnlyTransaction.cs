using System.Data;
using Dapper;
using Npgsql;

namespace BatchScorer.Sources;

/// <summary>Sources are only ever read inside one of these: one snapshot, and the server refuses to write.</summary>
internal static class ReadOnlyTransaction
{
    public static async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "SET TRANSACTION READ ONLY; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL extra_float_digits = 1",
            cancellationToken: cancellationToken));
        return transaction;
    }
}
