using BatchScorer.Errors;
using BatchScorer.Postgres;
using Dapper;
using Npgsql;

namespace BatchScorer.Exchange.Import;

/// <summary>Asks the catalogue about the table that is to be filled.</summary>
internal static class TargetTable
{
    // A domain's values are read as its base type's; its own checks are the server's.
    private const string Columns =
        """
        WITH RECURSIVE resolved AS (
            SELECT attnum, attname, atttypid, atttypmod, attnotnull, atthasdef, attidentity, attgenerated, atttypid AS base, atttypmod AS base_mod
            FROM pg_attribute WHERE attrelid = @relation::regclass AND attnum > 0 AND NOT attisdropped
            UNION ALL
            SELECT attnum, attname, atttypid, atttypmod, attnotnull OR typnotnull, atthasdef OR typdefault IS NOT NULL, attidentity, attgenerated, typbasetype, typtypmod
            FROM resolved JOIN pg_type ON pg_type.oid = resolved.base AND typtype = 'd'
        )
        SELECT attname AS name, format_type(atttypid, atttypmod) AS sql_type, base AS type_id,
               CASE WHEN base IN (1042, 1043) AND base_mod > 4 THEN base_mod - 4 END AS most_characters,
               attnotnull AS is_required, atthasdef OR attidentity <> '' AS has_default, attgenerated <> '' OR attidentity = 'a' AS is_generated
        FROM resolved JOIN pg_type ON pg_type.oid = resolved.base AND typtype <> 'd'
        ORDER BY attnum
        """;

    private const string Tables =
        """
        SELECT schemaname || '.' || relname FROM pg_stat_user_tables WHERE schemaname NOT IN ('scoring', 'quartz')
        """;

    /// <summary>The columns of a table, or null where there is none of the name.</summary>
    public static async Task<IReadOnlyList<TargetColumn>?> FindAsync(NpgsqlConnection connection, QualifiedName table, CancellationToken cancellationToken)
    {
        var relation = new { relation = table.ToString() };
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition("SELECT to_regclass(@relation) IS NOT NULL", relation, cancellationToken: cancellationToken)))
            return null;
        return [.. await connection.QueryAsync<TargetColumn>(new CommandDefinition(Columns, relation, cancellationToken: cancellationToken))];
    }

    /// <summary>The fault of a table that is not there.</summary>
    public static async Task<BatchScorerException> MissingAsync(NpgsqlConnection connection, QualifiedName table, CancellationToken cancellationToken)
    {
        var name = $"{table.Schema}.{table.Name}";
        var tables = await connection.QueryAsync<string>(new CommandDefinition(Tables, cancellationToken: cancellationToken));
        return new BatchScorerException(ExitCode.BadConfiguration,
            $"The database has no table {name}{Suggestion.For(name, tables)}: correct the name, or add --create to have it made.");
    }
}
