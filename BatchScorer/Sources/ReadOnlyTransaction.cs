using System.Data;
using Dapper;
using Npgsql;

namespace BatchScorer.Sources;

/// <summary>Sources are only ever read inside one of these: one snapshot, and the server refuses to write.</summary>
internal static class ReadOnlyTransaction
{
    private const string Conventions = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL extra_float_digits = 1";

    public static async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition($"SET TRANSACTION READ ONLY; {Conventions}", cancellationToken: cancellationToken));
        return transaction;
    }

    /// <summary>Has texts mean the same wherever a source is read, as when it is staged; for the caller's transaction only.</summary>
    public static Task SetConventionsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(Conventions, cancellationToken: cancellationToken));
}
