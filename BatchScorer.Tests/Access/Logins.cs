using BatchScorer.Tests.Postgres;
using Npgsql;

namespace BatchScorer.Tests.Access;

/// <summary>A login of each role of a test's database, with the rights of that role and no others.</summary>
internal sealed class Logins : IAsyncDisposable
{
    private const string Password = "of a test";

    private static readonly string[] Purposes = ["owner", "runner", "analyst"];

    private readonly TestDatabase database;

    private Logins(TestDatabase database) => this.database = database;

    /// <summary>Makes roles of this database's own, as `db migrate` does for an administrator, and their logins.</summary>
    public static async Task<Logins> CreateAsync(TestDatabase database)
    {
        var logins = new Logins(database);
        await database.ExecuteAsync(
            $"""
            UPDATE scoring.roles SET role_name = '{database.Name}_' || purpose;
            SELECT scoring.grant_access();
            REVOKE ALL ON DATABASE {database.Name} FROM PUBLIC;
            REVOKE ALL ON SCHEMA public FROM PUBLIC;
            """);
        foreach (var purpose in Purposes)
        {
            await database.ExecuteAsync(
                $"""
                CREATE ROLE {logins.Name(purpose)} LOGIN PASSWORD '{Password}' IN ROLE {logins.Role(purpose)};
                GRANT CONNECT ON DATABASE {database.Name} TO {logins.Role(purpose)};
                """);
        }

        return logins;
    }

    /// <summary>The role itself.</summary>
    /// <param name="purpose"><c>owner</c>, <c>runner</c> or <c>analyst</c>.</param>
    public string Role(string purpose) => $"{database.Name}_{purpose}";

    /// <summary>How the login of a role reaches the database.</summary>
    public string ConnectionString(string purpose) =>
        new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = Name(purpose), Password = Password }.ConnectionString;

    /// <summary>What a login is told when it runs a statement; null when it may.</summary>
    public async Task<PostgresException?> TryAsync(string purpose, string sql)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString(purpose));
        await using var connection = await source.OpenConnectionAsync();
        // What it may do is not to last.
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
            return null;
        }
        catch (PostgresException refused)
        {
            return refused;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var role in Purposes.Select(Name).Concat(Purposes.Select(Role)))
            await database.ExecuteAsync($"DROP OWNED BY {role} CASCADE; DROP ROLE {role}");
    }

    private string Name(string purpose) => $"{database.Name}_{purpose}_login";
}
