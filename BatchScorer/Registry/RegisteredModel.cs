using System.Text.Json;
using BatchScorer.Models;

namespace BatchScorer.Registry;

/// <summary>A version of a model as it was registered.</summary>
internal sealed record RegisteredModel
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>SHA-256 of its file, under which the model store has it.</summary>
    public required string Sha256 { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>What it reads and answers, as <see cref="ModelSchema.ToJson"/> writes it.</summary>
    public required JsonElement Schema { get; init; }

    /// <summary>The kinds of its steps, as ML.NET names them.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>The engine that loaded it when it was registered.</summary>
    public required string Engine { get; init; }

    /// <summary>How many golden rows it has.</summary>
    public int GoldenRows { get; init; }

    public string? Notes { get; init; }

    public DateTime RegisteredAt { get; init; }

    public string? RegisteredBy { get; init; }

    /// <summary>Whether it is the version in use.</summary>
    public bool IsChampion { get; init; }

    /// <summary>When the profile of the data that it was made with was registered; null where there is none.</summary>
    public DateTime? ReferenceMadeAt { get; init; }

    public ModelReference Reference() => new(Name, Version);
}
