using System.Text.Json;
using BatchScorer.Models;
using BatchScorer.Registry.Golden;
using BatchScorer.Registry.References;
using Dapper;
using Npgsql;

namespace BatchScorer.Registry;

/// <summary>What the ledger knows of registered models: their versions, and which were put in use when.</summary>
internal sealed class ModelCatalog(NpgsqlDataSource database)
{
    private const string Insert =
        """
        INSERT INTO scoring.model_versions (name, version, sha256, size_bytes, schema, steps, engine, golden_rows, notes)
        VALUES (@name, @version, @sha256, @size, @schema::jsonb, @steps, @engine, @golden::jsonb, @notes)
        ON CONFLICT (name, version) DO NOTHING
        """;

    private const string Versions =
        """
        SELECT model.name, model.version, model.sha256, size_bytes, schema::text, steps, engine, coalesce((golden_rows ->> 'rows')::integer, 0) AS golden_rows,
               notes, registered_at, registered_by, champion.version IS NOT NULL AS is_champion, reference.made_at AS reference_made_at
        FROM scoring.model_versions AS model
        LEFT JOIN scoring.model_champions AS champion USING (name, version)
        LEFT JOIN scoring.reference_profiles AS reference ON reference.model_sha256 = model.sha256
        WHERE (@name::text IS NULL OR model.name = @name) AND (@version::text IS NULL OR model.version = @version)
        ORDER BY model.name, registered_at, model.version
        """;

    private const string History =
        """
        SELECT this.promotion_id, this.name, this.version, before.version AS instead_of, this.reason, this.promoted_at, this.promoted_by
        FROM scoring.model_promotions AS this
        LEFT JOIN scoring.model_promotions AS before ON before.promotion_id = this.replaces
        WHERE this.name = @name
        ORDER BY this.promotion_id
        """;

    // Who else has replaced the same one, or made the first, wins.
    private const string Put =
        """
        INSERT INTO scoring.model_promotions (name, version, replaces, reason)
        VALUES (@name, @version, @replaces, @reason)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Adds a version, unless there is one of its name.</summary>
    /// <returns>Whether it was added.</returns>
    public async Task<bool> TryAddAsync(RegisteredModel model, GoldenRows? golden, ReferenceData? data, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var added = await connection.ExecuteAsync(new CommandDefinition(
            Insert,
            new
            {
                name = model.Name,
                version = model.Version,
                sha256 = model.Sha256,
                size = model.SizeBytes,
                schema = model.Schema.GetRawText(),
                steps = model.Steps.ToArray(),
                engine = model.Engine,
                golden = golden?.ToJson(),
                notes = model.Notes,
            },
            cancellationToken: cancellationToken)) == 1;
        if (added && data is not null)
            await ReferenceProfiles.TryAddAsync(connection, model.Sha256, data.Profile, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return added;
    }

    /// <summary>The versions of a model, or of all, in the order in which they were registered.</summary>
    public async Task<IReadOnlyList<RegisteredModel>> ListAsync(string? name, CancellationToken cancellationToken) =>
        await ReadAsync(name, null, cancellationToken);

    /// <summary>The version of this name; null where there is none.</summary>
    public async Task<RegisteredModel?> FindAsync(string name, string version, CancellationToken cancellationToken) =>
        (await ReadAsync(name, version, cancellationToken)).SingleOrDefault();

    /// <summary>The golden rows of a version; null where it has none.</summary>
    public async Task<GoldenRows?> FindGoldenRowsAsync(ModelReference model, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var json = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "SELECT golden_rows::text FROM scoring.model_versions WHERE (name, version) = (@name, @version)",
            new { name = model.Name, version = model.Version }, cancellationToken: cancellationToken));
        return json is null ? null : GoldenRows.Parse(json);
    }

    /// <summary>The names of all models.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT DISTINCT name FROM scoring.model_versions ORDER BY name", cancellationToken: cancellationToken))];
    }

    /// <summary>Every promotion of a model, the last one at the end.</summary>
    public async Task<IReadOnlyList<Promotion>> PromotionsAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<Promotion>(new CommandDefinition(History, new { name }, cancellationToken: cancellationToken))];
    }

    /// <summary>Puts a version in use.</summary>
    /// <param name="model">The version.</param>
    /// <param name="replaces">The promotion that was the last when this was decided; null for none.</param>
    /// <param name="reason"><see cref="Promotion.Promote"/> or <see cref="Promotion.Rollback"/>.</param>
    /// <returns>False where another has been made since.</returns>
    public async Task<bool> TryPromoteAsync(ModelReference model, long? replaces, string reason, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            Put, new { name = model.Name, version = model.Version, replaces, reason }, cancellationToken: cancellationToken)) == 1;
    }

    private async Task<IReadOnlyList<RegisteredModel>> ReadAsync(string? name, string? version, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<VersionRow>(new CommandDefinition(Versions, new { name, version }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToModel())];
    }

    private sealed record VersionRow
    {
        public required string Name { get; init; }

        public required string Version { get; init; }

        public required string Sha256 { get; init; }

        public required long SizeBytes { get; init; }

        public required string Schema { get; init; }

        public required string[] Steps { get; init; }

        public required string Engine { get; init; }

        public required int GoldenRows { get; init; }

        public string? Notes { get; init; }

        public required DateTime RegisteredAt { get; init; }

        public required string RegisteredBy { get; init; }

        public required bool IsChampion { get; init; }

        public DateTime? ReferenceMadeAt { get; init; }

        public RegisteredModel ToModel() => new()
        {
            Name = Name,
            Version = Version,
            Sha256 = Sha256,
            SizeBytes = SizeBytes,
            Schema = JsonElement.Parse(Schema),
            Steps = Steps,
            Engine = Engine,
            GoldenRows = GoldenRows,
            Notes = Notes,
            RegisteredAt = RegisteredAt,
            RegisteredBy = RegisteredBy,
            IsChampion = IsChampion,
            ReferenceMadeAt = ReferenceMadeAt,
        };
    }
}
