using BatchScorer.Profiles;
using Dapper;
using Npgsql;

namespace BatchScorer.Registry.References;

/// <summary>The profiles of the data that models were made with, by the hash of a model's file. The first of a model stays.</summary>
internal static class ReferenceProfiles
{
    private const string Insert = "INSERT INTO scoring.reference_profiles (model_sha256, profile) VALUES (@modelSha256, @profile) ON CONFLICT DO NOTHING";

    private const string Select = "SELECT profile FROM scoring.reference_profiles WHERE model_sha256 = @modelSha256";

    /// <summary>Keeps the profile of the data that a model was made with.</summary>
    /// <returns>False where the model has one already.</returns>
    public static async Task<bool> TryAddAsync(NpgsqlConnection connection, string modelSha256, TableProfile profile, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(Insert, new { modelSha256, profile = ProfileFormat.Write(profile) }, cancellationToken: cancellationToken)) == 1;

    /// <summary>The profile of the data that a model was made with; null where none was registered.</summary>
    public static async Task<TableProfile?> FindAsync(NpgsqlConnection connection, string modelSha256, CancellationToken cancellationToken) =>
        await connection.QuerySingleOrDefaultAsync<byte[]>(new CommandDefinition(Select, new { modelSha256 }, cancellationToken: cancellationToken)) is { } bytes
            ? ProfileFormat.Read(bytes) : null;
}
