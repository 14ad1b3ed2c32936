using BatchScorer.Errors;
using Dapper;
using Npgsql;

namespace BatchScorer.Postgres.Migrations;

/// <summary>Brings a database's schema up to date: forward only, each migration once, in a transaction of its own.</summary>
internal sealed class Migrator(MigrationSet migrations)
{
    // Any number will do that nobody else locks in the same database: the letters "scoring" as bytes.
    private const long LockKey = 0x73636F72696E67;

    /// <summary>For the migrations that are built into this program.</summary>
    public Migrator()
        : this(MigrationSet.Embedded)
    {
    }

    /// <summary>
    /// Applies what is missing and returns it, in order. Waits while another process does the same. When a migration fails,
    /// those before it stay applied, and nothing of it does.
    /// </summary>
    /// <exception cref="BatchScorerException">The database and this program disagree on what was applied, or a migration fails.</exception>
    public async Task<IReadOnlyList<Migration>> ApplyAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await ServerRequirements.CheckAsync(connection, cancellationToken);
        await LockAsync(connection, cancellationToken);
        try
        {
            await MigrationHistory.EnsureAsync(connection, cancellationToken);
            var pending = Pending(await MigrationHistory.ReadAsync(connection, cancellationToken));
            foreach (var migration in pending)
                await ApplyAsync(connection, migration, cancellationToken);
            return pending;
        }
        finally
        {
            await UnlockAsync(connection);
        }
    }

    /// <summary>Checks that nothing is left to apply.</summary>
    /// <exception cref="BatchScorerException">Something is, or the database and this program disagree on what was applied.</exception>
    public async Task CheckAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await ServerRequirements.CheckAsync(connection, cancellationToken);
        if (Pending(await MigrationHistory.ReadAsync(connection, cancellationToken)) is { Count: > 0 } pending)
        {
            throw Refused(
                $"The database \"{connection.Database}\" lacks {pending.Count} of this program's {migrations.Migrations.Length} migrations, "
                + $"first {pending[0]}: run `batchscorer db migrate`.");
        }
    }

    private List<Migration> Pending(IReadOnlyList<MigrationRecord> applied)
    {
        for (var i = 0; i < applied.Count; i++)
        {
            var expected = applied[i].Number <= migrations.Migrations.Length ? migrations.Migrations[applied[i].Number - 1] : null;
            if (expected is null)
            {
                throw Refused(
                    $"The database has the migration {applied[i]}, and this program knows {migrations.Migrations.Length}: "
                    + "a newer BatchScorer made it so; use that or a newer one.");
            }

            if (expected.Number != i + 1)
                throw Refused($"The database has the migration {applied[i]} and not {migrations.Migrations[i]} before it: restore the table scoring.migrations.");
            if (expected.Name != applied[i].Name || expected.Checksum != applied[i].Checksum)
            {
                throw Refused(
                    $"The migration {expected} was edited after it was applied to the database as {applied[i]}: its checksum is {expected.Checksum}, "
                    + $"expected {applied[i].Checksum}. Undo the edit and put the change into a new migration.");
            }
        }

        return [.. migrations.Migrations.Skip(applied.Count)];
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(migration.Sql, transaction: transaction, commandTimeout: 0, cancellationToken: cancellationToken));
            await MigrationHistory.AddAsync(transaction, migration, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException fault)
        {
            throw new BatchScorerException(
                ExitCode.Failed,
                $"The migration {migration} failed and was rolled back ({fault.SqlState}): {fault.MessageText}. Those before it stay applied; "
                + "remedy the cause and run `batchscorer db migrate` again.",
                fault);
        }
    }

    private static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT pg_advisory_lock(@LockKey)", new { LockKey }, commandTimeout: 0, cancellationToken: cancellationToken));

    // A connection goes back to the pool with its session's locks still held; one that broke has lost them.
    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        if (connection.State == System.Data.ConnectionState.Open)
            await connection.ExecuteAsync("SELECT pg_advisory_unlock(@LockKey)", new { LockKey });
    }

    private static BatchScorerException Refused(string message) => new(ExitCode.BadConfiguration, message);
}
