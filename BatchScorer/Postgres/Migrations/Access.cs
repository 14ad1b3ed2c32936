using Dapper;
using Npgsql;

namespace BatchScorer.Postgres.Migrations;

/// <summary>A statement that only an administrator may run.</summary>
/// <param name="Statement">The statement, without a semicolon.</param>
/// <param name="Reason">What is the matter without it.</param>
internal sealed record AdministratorStatement(string Statement, string Reason);

/// <summary>The roles of owner, runner and analyst, and what each may do.</summary>
internal static class Access
{
    private const string Grant = "SELECT statement, reason FROM scoring.grant_access()";

    /// <summary>Makes the roles where they are missing, gives them what they need, and hands the tables over to the owner.</summary>
    /// <returns>What this user may not do, and an administrator has to.</returns>
    public static async Task<IReadOnlyList<AdministratorStatement>> GrantAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<AdministratorStatement>(new CommandDefinition(Grant, cancellationToken: cancellationToken))];
    }
}
