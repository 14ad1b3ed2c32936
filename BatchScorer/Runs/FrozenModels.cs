using System.Security.Cryptography;
using BatchScorer.Errors;
using BatchScorer.Models;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>Keeps the bytes of every model that a run has frozen, by their hash: a run that is planned needs neither file nor model store any more.</summary>
internal static class FrozenModels
{
    private const string Insert =
        """
        INSERT INTO scoring.models (sha256, name, version, size_bytes, schema, content)
        SELECT @sha256, @name, @version, @size, @schema::jsonb, @content
        WHERE NOT EXISTS (SELECT FROM scoring.models WHERE sha256 = @sha256)
        ON CONFLICT (sha256) DO NOTHING
        """;

    /// <summary>Keeps a model, unless it is kept already; in the caller's transaction.</summary>
    public static async Task AddAsync(NpgsqlConnection connection, ModelFile file, ManifestModel model, ModelSchema schema, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            Insert,
            new
            {
                sha256 = file.Sha256,
                name = model.Name,
                version = model.Version,
                size = (long)file.Bytes.Length,
                schema = schema.ToJson(),
                content = file.Bytes.ToArray(),
            },
            cancellationToken: cancellationToken));

    /// <summary>The model of this hash, checked against it.</summary>
    /// <exception cref="BatchScorerException">It is gone, or its bytes have changed.</exception>
    public static async Task<ModelFile> ReadAsync(NpgsqlDataSource database, ManifestModel model, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var content = await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
            "SELECT content FROM scoring.models WHERE sha256 = @sha256", new { sha256 = model.Sha256 }, cancellationToken: cancellationToken));
        if (content is not null && Convert.ToHexStringLower(SHA256.HashData(content)) == model.Sha256)
            return ModelFile.FromBytes(model.Name, content);
        throw new BatchScorerException(ExitCode.Failed,
            $"Model {model.Name} {model.Version} with SHA-256 {model.Sha256} {(content is null ? "is no longer" : "is no longer the same")} in scoring.models, "
            + "so its run cannot be finished with the model that it froze: restore that row from a backup, or give the run up with `batchscorer runs abandon`.");
    }
}
