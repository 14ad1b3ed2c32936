using System.Data;
using BatchScorer.Profiles;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs.Watching;

/// <summary>The profiles of a run's chunks, each written by the transaction that writes the chunk's predictions.</summary>
internal static class ChunkProfiles
{
    // A chunk whose state somebody has set back by hand is done once more.
    private const string Insert =
        """
        INSERT INTO scoring.chunk_profiles (run_id, chunk_no, profile) VALUES (@runId, @chunkNo, @profile)
        ON CONFLICT (run_id, chunk_no) DO UPDATE SET profile = excluded.profile
        """;

    private const string Select = "SELECT profile FROM scoring.chunk_profiles WHERE run_id = @runId";

    private const string Delete = "DELETE FROM scoring.chunk_profiles WHERE run_id = @runId";

    public static Task WriteAsync(NpgsqlConnection connection, long runId, int chunkNo, byte[] profile, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(Insert, new { runId, chunkNo, profile }, cancellationToken: cancellationToken));

    /// <summary>The profile of all of a run's chunks together, of which none is left; null where there were none.</summary>
    public static async Task<TableProfile?> TakeAsync(NpgsqlConnection connection, long runId, CancellationToken cancellationToken)
    {
        var all = new TableProfileBuilder();
        using var bytes = new MemoryStream();
        await using (var command = new NpgsqlCommand(Select, connection) { Parameters = { new("runId", runId) } })
        await using (var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                bytes.SetLength(0);
                await using (var chunk = await reader.GetStreamAsync(0, cancellationToken))
                    await chunk.CopyToAsync(bytes, cancellationToken);
                bytes.Position = 0;
                all.Add(bytes);
            }
        }

        await connection.ExecuteAsync(new CommandDefinition(Delete, new { runId }, cancellationToken: cancellationToken));
        return all.IsEmpty ? null : all.Build();
    }
}
