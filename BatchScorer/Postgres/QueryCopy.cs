using System.Data;
using Npgsql;

namespace BatchScorer.Postgres;

/// <summary>Carries the rows of a query from one session to another as they are on the wire, so that the one that reads cannot write.</summary>
internal static class QueryCopy
{
    /// <summary>Writes a query's rows to a table.</summary>
    /// <param name="reader">The session that reads.</param>
    /// <param name="query">One SELECT without parameters.</param>
    /// <param name="writer">The session that writes.</param>
    /// <param name="table">Where to, as SQL, with the query's columns in their order.</param>
    public static async Task CopyAsync(NpgsqlConnection reader, string query, NpgsqlConnection writer, string table, CancellationToken cancellationToken)
    {
        var to = await writer.BeginRawBinaryCopyAsync($"COPY {table} FROM STDIN (FORMAT BINARY)", cancellationToken);
        try
        {
            await using var from = await reader.BeginRawBinaryCopyAsync($"COPY ({query}) TO STDOUT (FORMAT BINARY)", cancellationToken);
            await from.CopyToAsync(to, cancellationToken);
        }
        catch
        {
            if (writer.State is ConnectionState.Open)
                await to.CancelAsync();
            throw;
        }

        await to.DisposeAsync();
    }
}
