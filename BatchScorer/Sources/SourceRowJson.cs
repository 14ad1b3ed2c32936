using BatchScorer.Batches;
using Dapper;
using Npgsql;

namespace BatchScorer.Sources;

/// <summary>A source row in the form in which rejected rows are kept.</summary>
/// <param name="Key">JSON object with the key columns.</param>
/// <param name="SourceCursor">The cursor's value as text, or null when the job has none.</param>
/// <param name="Row">JSON object with every column that was read.</param>
internal sealed record SourceRowJson(string Key, string? SourceCursor, string Row)
{
    /// <summary>The rows with these keys, in the order of the keys, from the connection's current snapshot.</summary>
    public static async Task<IReadOnlyList<SourceRowJson>> ReadAsync(
        NpgsqlConnection connection, SourceLayout layout, IReadOnlyList<RejectedRow> wanted, CancellationToken cancellationToken)
    {
        if (wanted.Count == 0)
            return [];
        var parameters = new DynamicParameters();
        for (var i = 0; i < layout.Key.Count; i++)
            parameters.Add($"key{i + 1}", wanted.Select(row => row.Key[i]).ToArray());
        var rows = await connection.QueryAsync<SourceRowJson>(new CommandDefinition(
            new SourceQuery(layout).RowsAsJson(), parameters, cancellationToken: cancellationToken));
        return [.. rows];
    }
}
