using System.Data;
using Npgsql;

namespace BatchScorer.Sources;

/// <summary>A job's filter, which is the one piece of SQL in a job file: the server reads it by itself before it stands in other statements.</summary>
internal static class SourceFilter
{
    /// <summary>Has the server parse the filter, without running it.</summary>
    /// <param name="connection">To the source's database.</param>
    /// <param name="source">The table or query whose rows it chooses from.</param>
    /// <param name="filter">The condition.</param>
    /// <returns>Why it will not do, or null where it will.</returns>
    public static async Task<string?> FindFaultAsync(
        NpgsqlConnection connection, SourceDescription source, string filter, CancellationToken cancellationToken)
    {
        try
        {
            await ParseAsync(connection, $"SELECT 1 FROM (SELECT * FROM {source.Relation}) AS source WHERE ({filter}\n) LIMIT $1", cancellationToken);
            // Within brackets it cannot close its parenthesis and let in rows of other chunks by an OR.
            await ParseAsync(connection, $"SELECT ARRAY[{filter}\n] FROM (SELECT * FROM {source.Relation}) AS source LIMIT $1", cancellationToken);
            return null;
        }
        catch (PostgresException refused)
        {
            return $"expected one SQL condition on the columns of {source.Name}, and the database says: {refused.MessageText}";
        }
    }

    private static async Task ParseAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        // With a numbered parameter the text goes to the server as it is, which then takes one statement only: a filter cannot
        // end it and begin another.
        await using var command = new NpgsqlCommand(statement, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = 0 } } };
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken);
    }
}
