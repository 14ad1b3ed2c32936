using Dapper;
using Npgsql;

namespace BatchScorer.Postgres.Migrations;

/// <summary>The table <c>scoring.migrations</c>: what was applied to this database, and when.</summary>
internal static class MigrationHistory
{
    private const string ExistsSql = "SELECT to_regclass('scoring.migrations') IS NOT NULL";

    private const string CreateSql = """
        CREATE SCHEMA IF NOT EXISTS scoring;
        COMMENT ON SCHEMA scoring IS 'Predictions, and the record of the runs that made them. Kept by BatchScorer.';

        CREATE TABLE scoring.migrations (
            number     integer     PRIMARY KEY,
            name       text        NOT NULL,
            checksum   text        NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now(),
            applied_by text        NOT NULL
        );
        COMMENT ON TABLE scoring.migrations IS 'The steps that brought this schema to its present form, each applied once.';
        COMMENT ON COLUMN scoring.migrations.number IS 'Place of the step in the order, from 1 on without gaps';
        COMMENT ON COLUMN scoring.migrations.name IS 'Name of the step''s file after its number';
        COMMENT ON COLUMN scoring.migrations.checksum IS 'SHA-256 of the step''s text in hexadecimal, line ends as LF: shows a later edit';
        COMMENT ON COLUMN scoring.migrations.applied_at IS 'When the transaction that applied the step began';
        COMMENT ON COLUMN scoring.migrations.applied_by IS 'Version of BatchScorer that applied the step';
        """;

    private const string ReadSql = "SELECT number, name, checksum FROM scoring.migrations ORDER BY number";

    private const string AddSql =
        "INSERT INTO scoring.migrations (number, name, checksum, applied_by) VALUES (@Number, @Name, @Checksum, @AppliedBy)";

    /// <summary>Makes the table in a database that has none.</summary>
    public static async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(connection, cancellationToken))
            return;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(CreateSql, transaction: transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>What was applied, in order; empty where nothing ever was.</summary>
    public static async Task<IReadOnlyList<MigrationRecord>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await ExistsAsync(connection, cancellationToken)
            ? [.. await connection.QueryAsync<MigrationRecord>(new CommandDefinition(ReadSql, cancellationToken: cancellationToken))]
            : [];

    /// <summary>Remembers a migration in the transaction that applies it.</summary>
    public static Task AddAsync(NpgsqlTransaction transaction, Migration migration, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            AddSql,
            new { migration.Number, migration.Name, migration.Checksum, AppliedBy = ProgramVersion },
            transaction,
            cancellationToken: cancellationToken));

    private static string ProgramVersion { get; } = typeof(MigrationHistory).Assembly.GetName().Version!.ToString(fieldCount: 3);

    private static Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<bool>(new CommandDefinition(ExistsSql, cancellationToken: cancellationToken));
}
