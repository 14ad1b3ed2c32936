using BatchScorer.Errors;
using Dapper;
using Npgsql;

namespace BatchScorer.Postgres;

/// <summary>What a server and a database must offer before anything is done with them.</summary>
internal static class ServerRequirements
{
    /// <summary>The oldest major version of PostgreSQL that is supported.</summary>
    public const int OldestMajor = 14;

    private const string EncodingQuery = "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()";

    /// <summary>Checks the server's version and the database's encoding.</summary>
    /// <exception cref="BatchScorerException">One of them will not do; the message tells what was found and what is needed.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (connection.PostgreSqlVersion.Major < OldestMajor)
        {
            throw new BatchScorerException(
                ExitCode.BadConfiguration,
                $"The server at {connection.Host}:{connection.Port} is PostgreSQL {connection.ServerVersion}, expected {OldestMajor} or newer: upgrade it or use another server.");
        }

        var encoding = await connection.QuerySingleAsync<string>(new CommandDefinition(EncodingQuery, cancellationToken: cancellationToken));
        if (encoding != "UTF8")
        {
            throw new BatchScorerException(
                ExitCode.BadConfiguration,
                $"The database \"{connection.Database}\" has the encoding {encoding}, expected UTF8: create one with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0 and use that.");
        }
    }
}
